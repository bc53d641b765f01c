package io.vnfkit.testing;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/**
 * Whether skipped tests are failures: system property {@value #STRICT}, with the exceptions listed in
 * {@value #ALLOWED}.
 *
 * @param strict true if a skip is a failure
 * @param allowed names of the things that may be missing all the same
 */
record Strictness(boolean strict, Set<String> allowed) {

    static final String STRICT = "it.strict";
    static final String ALLOWED = "it.allowedSkips";

    /** A skip that strict mode does not allow. */
    static final class ForbiddenSkipException extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        ForbiddenSkipException(TestAbortedException unnamed) {
            super("a skip that does not name what is missing: " + unnamed.getMessage() + "; use "
                    + Needs.class.getName() + " or an annotation", unnamed);
        }

        ForbiddenSkipException(Missing missing) {
            super(missing.reason() + "; strict mode takes this for a failure unless " + ALLOWED + " lists \""
                    + missing.thing() + "\"");
        }
    }

    static Strictness ofThisRun() {
        return parse(System.getProperty(STRICT, "false"), System.getProperty(ALLOWED, ""));
    }

    static Strictness parse(String strict, String allowed) {
        if (!strict.equals("true") && !strict.equals("false")) {
            throw new IllegalArgumentException(STRICT + " is true or false, not \"" + strict + "\"");
        }
        return new Strictness(strict.equals("true"), Arrays.stream(allowed.split(","))
                .map(String::strip)
                .filter(thing -> !thing.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }

    void requireAllowed(Missing missing) {
        if (strict && !allowed.contains(missing.thing())) {
            throw new ForbiddenSkipException(missing);
        }
    }

    /** Lets an aborted test be skipped, in strict mode only with the name of something that may be missing. */
    void requireNamed(TestAbortedException aborted) {
        if (!strict) {
            return;
        }
        Optional<Missing> missing = Optional.ofNullable(aborted.getMessage()).flatMap(Missing::parse);
        requireAllowed(missing.orElseThrow(() -> new ForbiddenSkipException(aborted)));
    }
}
