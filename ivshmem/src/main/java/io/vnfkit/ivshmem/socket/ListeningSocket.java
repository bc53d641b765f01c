package io.vnfkit.ivshmem.socket;

import io.vnfkit.VnfkitException;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A UNIX socket that listens, and its file, which goes with it. Not thread-safe. */
public final class ListeningSocket implements AutoCloseable {

    private static final int BACKLOG = 64;

    private final Syscalls files;
    private final String name;
    private final int descriptor;
    private final Object file;
    private boolean closed;

    private ListeningSocket(Syscalls files, String name, int descriptor, Object file) {
        this.files = files;
        this.name = name;
        this.descriptor = descriptor;
        this.file = file;
    }

    /**
     * Listens.
     *
     * @param files the seam to files
     * @param sockets the seam to sockets
     * @param kind kind of the socket
     * @param name a path, or an abstract name that begins with '@'
     * @param mode permissions of the file, whatever the umask; without a meaning for an abstract name
     * @param replaceAbandoned whether to take the place of a socket whose server has died
     * @return the socket
     * @throws SystemCallException EADDRINUSE if the name is taken
     */
    public static ListeningSocket open(
            Syscalls files, UnixSocketCalls sockets, Kind kind, String name, int mode, boolean replaceAbandoned) {
        int descriptor = sockets.socket(kind);
        try {
            bind(files, sockets, kind, descriptor, name, mode, replaceAbandoned);
            permit(name, mode);
            sockets.listen(descriptor, BACKLOG);
            return new ListeningSocket(files, name, descriptor, identity(name));
        } catch (RuntimeException failure) {
            files.close(descriptor);
            throw failure;
        }
    }

    private static void bind(Syscalls files, UnixSocketCalls sockets, Kind kind, int descriptor, String name, int mode,
            boolean replaceAbandoned) {
        try {
            sockets.bind(descriptor, name, mode);
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.EADDRINUSE) || !replaceAbandoned || !isAbandoned(files, sockets, kind, name)) {
                throw failure;
            }
            files.unlink(Path.of(name));
            sockets.bind(descriptor, name, mode);
        }
    }

    /** The file of a socket stays when its server dies; then nobody answers there. */
    private static boolean isAbandoned(Syscalls files, UnixSocketCalls sockets, Kind kind, String name) {
        if (isAbstract(name)) {
            return false;
        }
        int probe = sockets.socket(kind);
        try {
            sockets.connect(probe, name);
            return false;
        } catch (SystemCallException failure) {
            // Also the answer for a file that is no socket, which is nobody's to remove.
            return failure.is(Errno.ECONNREFUSED) && isSocket(name);
        } finally {
            files.close(probe);
        }
    }

    /** bind(2) leaves out the bits of the umask. Nobody can connect before listen(2). */
    private static void permit(String name, int mode) {
        if (isAbstract(name)) {
            return;
        }
        try {
            Files.setAttribute(Path.of(name), "unix:mode", mode);
        } catch (IOException failure) {
            throw new VnfkitException("socket " + name + " cannot have mode 0" + Integer.toOctalString(mode) + ": "
                    + failure.getMessage(), failure);
        }
    }

    private static boolean isAbstract(String name) {
        return name.startsWith("@");
    }

    private static boolean isSocket(String name) {
        BasicFileAttributes attributes = attributes(name);
        return attributes != null && attributes.isOther();
    }

    /** Which file it is, to remove that one and no other that took its name since. Null if there is none. */
    private static Object identity(String name) {
        BasicFileAttributes attributes = isAbstract(name) ? null : attributes(name);
        return attributes == null ? null : attributes.fileKey();
    }

    private static BasicFileAttributes attributes(String name) {
        try {
            return Files.readAttributes(Path.of(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException failure) {
            throw new VnfkitException("cannot look at socket " + name + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * The socket, to wait for and to accept from.
     *
     * @return its descriptor
     */
    public int descriptor() {
        return descriptor;
    }

    /** Stops listening and removes the file, unless another server has put its own there. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        files.close(descriptor);
        if (file != null && file.equals(identity(name))) {
            files.unlink(Path.of(name));
        }
    }
}
