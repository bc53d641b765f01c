package io.vnfkit.sysfs.fake;

import io.vnfkit.VnfkitException;
import java.util.List;
import java.util.stream.Collectors;

/** A fake host that no kernel would run on. Lists everything that is wrong with it. */
public final class FakeHostException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Creates the exception.
     *
     * @param problems what is wrong; at least one
     */
    public FakeHostException(List<String> problems) {
        super("such a host cannot exist:"
                + problems.stream().map(line -> "\n  - " + line).collect(Collectors.joining()));
        this.problems = List.copyOf(problems);
    }

    /**
     * Creates the exception for files that cannot be made.
     *
     * @param message which file
     * @param cause why
     */
    public FakeHostException(String message, Throwable cause) {
        super(message, cause);
        this.problems = List.of(message);
    }

    /**
     * All problems found.
     *
     * @return an unmodifiable list
     */
    public List<String> problems() {
        return problems;
    }
}
