package io.vnfkit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A description that contradicts itself or the host it should run on. Nothing was touched when it is thrown.
 *
 * <p>It lists every problem found, not only the first.
 */
public final class InvalidVnfException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @param name name of the VNF
     * @param problems what is wrong; at least one
     */
    public InvalidVnfException(String name, List<Problem> problems) {
        super(message(name, problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(String name, List<Problem> problems) {
        return "VNF \"" + name + "\" cannot be launched, " + problems.size() + " problem(s):"
                + problems.stream().map(problem -> "\n  - " + problem).collect(Collectors.joining());
    }

    /**
     * All problems found.
     *
     * @return an unmodifiable list, in the order of the description
     */
    public List<Problem> problems() {
        return problems;
    }
}
