package io.vnfkit.testing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What every strict parser of the library promises, checked with seeded random input: text becomes a value or the
 * parser's own exception with a position inside of the text, never another exception and never memory out of
 * proportion; and what a value prints is parsed back to an equal one.
 *
 * @param name names the parser in messages, and its random numbers
 * @param parser text to value
 * @param printer value to text
 * @param refusal the only exception that the parser may throw
 * @param position where the text is wrong, according to the exception
 * @param valid some texts that the parser takes
 * @param values makes random values
 * @param <T> type of the values
 * @param <E> type of the exception
 */
public record ParserProperties<T, E extends RuntimeException>(
        String name,
        Function<String, T> parser,
        Function<T, String> printer,
        Class<E> refusal,
        ToIntFunction<E> position,
        List<String> valid,
        Function<SplittableRandom, T> values) {

    private static final int CASES = 20_000;

    // Exceptions with their stack traces take some kilobytes, and so does the largest set.
    private static final long ALLOCATION = 256 << 10;
    private static final long ALLOCATION_PER_CHARACTER = 100;

    /** The valid texts are valid. */
    public void takesTheValidTexts() {
        for (String text : valid) {
            try {
                parser.apply(text);
            } catch (RuntimeException failure) {
                throw new AssertionError(name + " refuses the valid text \"" + text + "\"", failure);
            }
        }
    }

    /** Hostile text gives a value or a refusal with a position. */
    public void givesAValueOrARefusalWithAPosition() {
        HostileTexts texts = new HostileTexts(Seed.random(name + " hostile"), valid);
        // Classes are loaded and messages formatted for the first time here, not in the measured cases.
        valid.forEach(this::valueOrRefusal);
        valueOrRefusal("\0");
        valueOrRefusal("");
        for (int i = 0; i < CASES; i++) {
            String text = texts.next();
            long before = AllocationMeter.allocatedByThisThread();
            T value = valueOrRefusal(text);
            long allocated = AllocationMeter.allocatedByThisThread() - before;
            if (allocated > ALLOCATION + ALLOCATION_PER_CHARACTER * text.length()) {
                throw failed("allocates " + allocated + " bytes", text, null);
            }
            if (value != null) {
                requireRoundTrip(value);
            }
        }
    }

    private T valueOrRefusal(String text) {
        try {
            T value = parser.apply(text);
            if (value == null) {
                throw failed("gives null", text, null);
            }
            return value;
        } catch (RuntimeException failure) {
            if (!refusal.isInstance(failure)) {
                throw failed("throws " + failure.getClass().getName(), text, failure);
            }
            int where = position.applyAsInt(refusal.cast(failure));
            if (where < 0 || where > text.length()) {
                throw failed("refuses at position " + where, text, failure);
            }
            return null;
        }
    }

    /** A random value is what its text is parsed to. */
    public void readsBackWhatItPrints() {
        SplittableRandom random = Seed.random(name + " values");
        for (int i = 0; i < CASES; i++) {
            requireRoundTrip(values.apply(random));
        }
    }

    private void requireRoundTrip(T value) {
        String text = printer.apply(value);
        T again;
        try {
            again = parser.apply(text);
        } catch (RuntimeException failure) {
            throw failed("refuses what it printed", text, failure);
        }
        if (!again.equals(value) || again.hashCode() != value.hashCode()) {
            throw failed("reads " + again + " from what it printed for " + value, text, null);
        }
        if (!printer.apply(again).equals(text)) {
            throw failed("prints " + printer.apply(again) + " for what it read", text, null);
        }
    }

    private AssertionError failed(String what, String text, Throwable cause) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(200).forEach(character -> shown.append(
                character >= ' ' && character < 127 ? "" + (char) character : String.format("\\u%04x", character)));
        return new AssertionError(
                name + " " + what + " for \"" + shown + "\" of length " + text.length() + "; " + Seed.hint(), cause);
    }

    @Override
    public String toString() {
        return name;
    }
}
