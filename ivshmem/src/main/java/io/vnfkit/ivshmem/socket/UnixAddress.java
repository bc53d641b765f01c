package io.vnfkit.ivshmem.socket;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Paths as addresses of UNIX sockets (unix(7)). */
public final class UnixAddress {

    /** sun_path has 108 bytes, a NUL included. */
    private static final int LONGEST = 107;

    private UnixAddress() {}

    /**
     * Checks that a path can be the address of a socket.
     *
     * @param path the path
     * @return the path
     * @throws IllegalArgumentException if it is too long
     */
    public static Path requireAddress(Path path) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalArgumentException("the path of a socket has at most " + LONGEST + " bytes: " + path);
        }
        return path;
    }
}
