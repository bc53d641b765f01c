package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.VnfkitException;
import java.util.List;
import java.util.stream.Collectors;

/** A description of forwarding that contradicts itself or the EAL. Nothing was made when it is thrown. */
public final class InvalidForwardingException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @param problems what is wrong; at least one
     */
    public InvalidForwardingException(List<Problem> problems) {
        super("the forwarding core cannot do this, " + problems.size() + " problem(s):"
                + problems.stream().map(problem -> "\n  - " + problem).collect(Collectors.joining()));
        this.problems = List.copyOf(problems);
    }

    /**
     * All problems found.
     *
     * @return an unmodifiable list
     */
    public List<Problem> problems() {
        return problems;
    }
}
