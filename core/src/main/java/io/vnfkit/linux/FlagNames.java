package io.vnfkit.linux;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flags of system calls as a person writes them: {@code MS_NOSUID|MS_NODEV}, for messages and plans.
 *
 * <p>Stateless and thread-safe.
 */
public final class FlagNames {

    private static final Map<Long, String> OPEN = new LinkedHashMap<>();
    private static final Map<Long, String> MOUNT = new LinkedHashMap<>();
    private static final Map<Long, String> UMOUNT = Map.of((long) LinuxConstants.MNT_DETACH, "MNT_DETACH");

    static {
        OPEN.put((long) LinuxConstants.O_CREAT, "O_CREAT");
        OPEN.put((long) LinuxConstants.O_EXCL, "O_EXCL");
        OPEN.put((long) LinuxConstants.O_TRUNC, "O_TRUNC");
        OPEN.put((long) LinuxConstants.O_APPEND, "O_APPEND");
        OPEN.put((long) LinuxConstants.O_NONBLOCK, "O_NONBLOCK");
        OPEN.put((long) LinuxConstants.O_PATH, "O_PATH");
        OPEN.put((long) LinuxConstants.O_CLOEXEC, "O_CLOEXEC");
        MOUNT.put(LinuxConstants.MS_RDONLY, "MS_RDONLY");
        MOUNT.put(LinuxConstants.MS_NOSUID, "MS_NOSUID");
        MOUNT.put(LinuxConstants.MS_NODEV, "MS_NODEV");
        MOUNT.put(LinuxConstants.MS_NOEXEC, "MS_NOEXEC");
        MOUNT.put(LinuxConstants.MS_REMOUNT, "MS_REMOUNT");
        MOUNT.put(LinuxConstants.MS_BIND, "MS_BIND");
        MOUNT.put(LinuxConstants.MS_REC, "MS_REC");
        MOUNT.put(LinuxConstants.MS_PRIVATE, "MS_PRIVATE");
        MOUNT.put(LinuxConstants.MS_SLAVE, "MS_SLAVE");
    }

    private FlagNames() {}

    /**
     * Flags of open(2).
     *
     * @param flags O_ constants
     * @return such as {@code O_WRONLY|O_CREAT}; bits without a name in hexadecimal
     */
    public static String ofOpen(int flags) {
        // The access mode is a number in the two lowest bits, not a set of flags.
        String access = List.of("O_RDONLY", "O_WRONLY", "O_RDWR", "0x3").get(flags & 3);
        String others = names(flags & ~3, OPEN);
        return others.equals("0") ? access : access + "|" + others;
    }

    /**
     * Flags of mount(2).
     *
     * @param flags MS_ constants
     * @return such as {@code MS_NOSUID|MS_NODEV}, 0 for none; bits without a name in hexadecimal
     */
    public static String ofMount(long flags) {
        return names(flags, MOUNT);
    }

    /**
     * Flags of umount2(2).
     *
     * @param flags MNT_ constants
     * @return such as {@code MNT_DETACH}, 0 for none; bits without a name in hexadecimal
     */
    public static String ofUmount(int flags) {
        return names(flags, UMOUNT);
    }

    private static String names(long flags, Map<Long, String> known) {
        List<String> names = new ArrayList<>();
        long rest = flags;
        for (Map.Entry<Long, String> flag : known.entrySet()) {
            if ((flags & flag.getKey()) != 0) {
                names.add(flag.getValue());
                rest &= ~flag.getKey();
            }
        }
        if (rest != 0) {
            names.add("0x" + Long.toHexString(rest));
        }
        return names.isEmpty() ? "0" : String.join("|", names);
    }
}
