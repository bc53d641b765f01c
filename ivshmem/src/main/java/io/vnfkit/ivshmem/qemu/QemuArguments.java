package io.vnfkit.ivshmem.qemu;

import io.vnfkit.ivshmem.PeerArguments;
import java.util.regex.Pattern;

/**
 * Words of QEMU's command line that give a guest shared memory. They can stand in the command of a VNF that is a QEMU.
 * Immutable values.
 */
public sealed interface QemuArguments extends PeerArguments permits IvshmemPlain, IvshmemDoorbell {

    /** Rules of QEMU's option syntax. */
    final class Words {

        // id_wellformed() in util/id.c.
        private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

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
    }
}
