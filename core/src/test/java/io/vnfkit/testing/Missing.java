package io.vnfkit.testing;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine lacks for a test.
 *
 * @param thing its name, as it stands on the list of allowed skips; no comma
 * @param cure how to get it
 */
record Missing(String thing, String cure) {

    private static final Pattern REASON = Pattern.compile("missing: (.+?) \\((.*)\\)", Pattern.DOTALL);

    Missing {
        Objects.requireNonNull(cure, "cure");
        if (thing.contains(",") || thing.contains("(")) {
            throw new IllegalArgumentException("the name of a missing thing has no comma or parenthesis: " + thing);
        }
    }

    static Optional<Missing> unless(boolean present, String thing, String cure) {
        return present ? Optional.empty() : Optional.of(new Missing(thing, cure));
    }

    /** Reads back what {@link #reason} gives; empty for reasons that other conditions gave. */
    static Optional<Missing> parse(String reason) {
        Matcher matcher = REASON.matcher(reason);
        return matcher.matches() ? Optional.of(new Missing(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** The reason of a skip. */
    String reason() {
        return "missing: " + thing + " (" + cure + ")";
    }
}
