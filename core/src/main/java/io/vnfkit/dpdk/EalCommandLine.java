package io.vnfkit.dpdk;

import io.vnfkit.dpdk.EalGrammar.Entry;
import io.vnfkit.dpdk.EalGrammar.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The EAL options in a command, read as the EAL reads them with getopt_long(3): up to the word {@code --}, with values
 * in the same word or the next, and with long names cut short as long as one option only can be meant
 * ({@code --in-mem}).
 *
 * <p>Reading is lenient: words that are no EAL options are passed over, since the command may be a wrapper or no DPDK
 * program at all. Options inside a word, as in {@code sh -c "testpmd --in-memory"}, are not seen.
 *
 * <p>Immutable and thread-safe.
 *
 * @param options in their order, each under one name: that of DPDK 22.11 where an option has several
 */
public record EalCommandLine(List<EalOption> options) {

    /** Copies the list. */
    public EalCommandLine {
        options = List.copyOf(options);
    }

    /**
     * Reads a command.
     *
     * @param command the program and its arguments; may be empty
     * @return its EAL options
     */
    public static EalCommandLine of(List<String> command) {
        List<EalOption> found = new ArrayList<>();
        Iterator<String> words = command.stream().skip(1).takeWhile(word -> !word.equals("--")).iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.startsWith("--")) {
                readLong(word, words, found);
            } else if (word.startsWith("-")) {
                readShort(word, words, found);
            }
        }
        return new EalCommandLine(found);
    }

    private static void readLong(String word, Iterator<String> following, List<EalOption> found) {
        int equals = word.indexOf('=');
        Optional<Entry> meant = EalGrammar.meant(equals < 0 ? word : word.substring(0, equals));
        if (meant.isEmpty()) {
            return;
        }
        String value = equals < 0 ? "" : word.substring(equals + 1);
        if (equals < 0 && meant.get().value() == Value.REQUIRED && following.hasNext()) {
            value = following.next();
        }
        found.add(new EalOption(meant.get().name(), value));
    }

    private static void readShort(String word, Iterator<String> following, List<EalOption> found) {
        for (int at = 1; at < word.length(); at++) {
            Optional<Entry> entry = EalGrammar.named("-" + word.charAt(at));
            if (entry.isEmpty()) {
                return;
            }
            if (entry.get().value() == Value.NONE) {
                found.add(EalOption.flag(entry.get().name()));
                continue;
            }
            String value = word.substring(at + 1);
            if (value.isEmpty() && entry.get().value() == Value.REQUIRED && following.hasNext()) {
                value = following.next();
            }
            found.add(new EalOption(entry.get().name(), value));
            return;
        }
    }

    /**
     * Tells whether an option is given.
     *
     * @param option any of its names, such as {@code --in-memory}
     * @return true if it is
     */
    public boolean has(String option) {
        return value(option).isPresent();
    }

    /**
     * The value of an option.
     *
     * @param option any of its names, such as {@code --huge-dir}
     * @return the last value given, which is the one in force; empty text where it has none; empty if the option is not
     *     given
     */
    public Optional<String> value(String option) {
        String name = EalGrammar.nameOf(option);
        return options.stream().filter(given -> given.option().equals(name)).map(EalOption::value)
                .reduce((earlier, later) -> later);
    }
}
