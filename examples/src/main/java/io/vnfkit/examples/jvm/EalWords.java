package io.vnfkit.examples.jvm;

import java.util.Arrays;
import java.util.List;

/**
 * The arguments of a program that runs the EAL: those of the EAL come before a word {@code --}, as in DPDK's own programs.
 *
 * @param eal for the EAL
 * @param own for the program
 */
public record EalWords(List<String> eal, List<String> own) {

    /**
     * Parts the arguments.
     *
     * @param arguments all of them; without {@code --} there are none for the EAL
     * @return both parts
     */
    public static EalWords part(String... arguments) {
        List<String> words = Arrays.asList(arguments);
        int end = words.indexOf("--");
        return new EalWords(end < 0 ? List.of() : words.subList(0, end), words.subList(end + 1, words.size()));
    }
}
