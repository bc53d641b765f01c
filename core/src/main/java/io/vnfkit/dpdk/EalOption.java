package io.vnfkit.dpdk;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One option of the EAL with its value.
 *
 * <p>Immutable and thread-safe.
 *
 * @param option with its dashes: a short one such as {@code -a}, or a long one such as {@code --huge-dir}
 * @param value its value; empty for an option without one
 */
public record EalOption(String option, String value) {

    private static final Pattern FORM = Pattern.compile("-[A-Za-z]|--[a-z][a-z0-9-]+");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the option is not a dash with a letter or two dashes with a word, or if the
     *     value holds a NUL character
     */
    public EalOption {
        Objects.requireNonNull(value, "value");
        if (!FORM.matcher(option).matches()) {
            throw new IllegalArgumentException("an EAL option is like -a or --huge-dir, not \"" + option + "\"");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of " + option + " holds a NUL character");
        }
    }

    /**
     * An option without a value.
     *
     * @param option such as {@code --no-telemetry}
     * @return the option
     * @throws IllegalArgumentException if it has not the form of an option
     */
    public static EalOption flag(String option) {
        return new EalOption(option, "");
    }

    /**
     * The words of a command line. A long option and its value are one word, because getopt_long(3) takes an optional
     * value ({@code --huge-unlink=never}) in no other form, and because a value may begin with a dash.
     *
     * @return one or two words
     */
    public List<String> words() {
        if (value.isEmpty()) {
            return List.of(option);
        }
        return option.startsWith("--") ? List.of(option + "=" + value) : List.of(option, value);
    }

    @Override
    public String toString() {
        return String.join(" ", words());
    }
}
