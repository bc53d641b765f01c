package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.mount.VnfMount.Flag;
import java.util.Set;

/**
 * Restrictions of mounts as bits: MS_ of mount(2) and MOUNT_ATTR_ of mount_setattr(2) happen to be the same for these
 * four.
 */
final class MountFlags {

    /** Size of struct mount_attr, MOUNT_ATTR_SIZE_VER0. */
    static final Argument ATTRIBUTES_SIZE = Argument.of(32);

    private MountFlags() {}

    static long bits(Set<Flag> flags) {
        return flags.stream().mapToLong(MountFlags::bit).reduce(0, (left, right) -> left | right);
    }

    private static long bit(Flag flag) {
        return switch (flag) {
            case READ_ONLY -> 1;
            case NOSUID -> 2;
            case NODEV -> 4;
            case NOEXEC -> 8;
        };
    }

    /** A struct mount_attr: attr_set, attr_clr, propagation, userns_fd. */
    static Data attributes(Assembly assembly, Set<Flag> flags, long propagation) {
        return assembly.structure(32, fields -> fields.putLong(bits(flags)).putLong(0).putLong(propagation).putLong(0));
    }
}
