package io.vnfkit.ivshmem.memif;

import java.nio.file.Path;

/**
 * Where a server listens: a path, or an abstract name of the network namespace. Immutable.
 *
 * @param name a path, or '@' and the abstract name; at most 107 bytes
 * @param mode permissions of the file, which decide who may connect; without a meaning for an abstract name
 */
public record MemifSocket(String name, int mode) {

    private static final int OWNER_ALONE = 0600;

    /** Checks what can be checked without the kernel. */
    public MemifSocket {
        if (name.isEmpty() || name.equals("@") || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the socket of a link has a name without NUL: \""
                    + name.replace("\0", "\\0") + "\"");
        }
        if ((mode & ~0777) != 0) {
            throw new IllegalArgumentException("permissions are 0 to 0777, not 0" + Integer.toOctalString(mode));
        }
    }

    /**
     * A path that this user alone may connect to.
     *
     * @param path where the socket is
     * @return the socket
     */
    public static MemifSocket at(Path path) {
        return new MemifSocket(path.toAbsolutePath().toString(), OWNER_ALONE);
    }

    /**
     * An abstract name, which every process of the network namespace may connect to. DPDK's default is
     * {@code /run/memif.sock}.
     *
     * @param name without the '@'
     * @return the socket
     */
    public static MemifSocket abstractName(String name) {
        return new MemifSocket("@" + name, OWNER_ALONE);
    }

    /**
     * Changes the permissions.
     *
     * @param bits such as 0660
     * @return a new socket
     */
    public MemifSocket mode(int bits) {
        return new MemifSocket(name, bits);
    }

    /**
     * Tells whether it has no file.
     *
     * @return true for an abstract name
     */
    public boolean isAbstract() {
        return name.startsWith("@");
    }

    /** The path, or the abstract name without the '@'. */
    String bareName() {
        return isAbstract() ? name.substring(1) : name;
    }
}
