package io.vnfkit.ivshmem.qemu;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.dpdk.EalOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words of QEMU's command line that give a guest shared memory. They can stand in the command of a VNF that is a QEMU.
 * Immutable values.
 */
public sealed interface QemuArguments extends CommandArgument permits IvshmemPlain, IvshmemDoorbell {

    /**
     * The words, one for each element of an argument vector.
     *
     * @return options and their values in turn
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
        return words().stream().map(Words::quoted).collect(Collectors.joining(" "));
    }

    /** Rules of QEMU's option syntax. */
    final class Words {

        // id_wellformed() in util/id.c.
        private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

        private Words() {}

        static String requireId(String id) {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("QEMU takes as an id a letter, and then letters, digits, '-', '.'"
                        + " and '_', not \"" + id + "\"");
            }
            return id;
        }

        static String requireName(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("no name of a device's property: \"" + name + "\"");
            }
            return name;
        }

        /** A comma in a value is written twice. */
        static String property(String name, Object value) {
            return "," + name + "=" + value.toString().replace(",", ",,");
        }

        static String quoted(String word) {
            return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
        }
    }
}
