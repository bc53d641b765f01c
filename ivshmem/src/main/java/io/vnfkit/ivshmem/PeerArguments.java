package io.vnfkit.ivshmem;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.dpdk.EalOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a program that is not of this library has to be told on its command line to be a peer: a QEMU, or a program that uses
 * DPDK. The words can stand in the command of a VNF, or be given to whoever starts the program. Implementations are immutable
 * values.
 */
public interface PeerArguments extends CommandArgument {

    /**
     * The words, one for each element of an argument vector.
     *
     * @return options and their values
     */
    @Override
    List<String> words();

    @Override
    default List<String> resolve(Grant grant, List<EalOption> contributed) {
        return words();
    }

    /**
     * The words as a person types them.
     *
     * @return words with single quotes where a shell needs them
     */
    default String cmdline() {
        return words().stream().map(Shell::quoted).collect(Collectors.joining(" "));
    }

    /** Rules of the shell. */
    final class Shell {

        private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

        private Shell() {}

        private static String quoted(String word) {
            return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
        }
    }
}
