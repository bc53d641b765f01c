package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A socket that listens, and its file. */
final class ListeningSocket implements AutoCloseable {

    private static final int BACKLOG = 16;
    // S_IFMT and S_IFSOCK
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Kernel kernel;
    private final MemifSocket socket;
    private final int descriptor;
    private boolean isClosed;

    private ListeningSocket(Kernel kernel, MemifSocket socket, int descriptor) {
        this.kernel = kernel;
        this.socket = socket;
        this.descriptor = descriptor;
    }

    static ListeningSocket open(Kernel kernel, MemifSocket socket) {
        UnixSocketCalls sockets = kernel.sockets();
        int descriptor = sockets.socket(UnixSocketCalls.Kind.SEQPACKET);
        try {
            bind(kernel, socket, descriptor);
            permit(socket);
            sockets.listen(descriptor, BACKLOG);
            return new ListeningSocket(kernel, socket, descriptor);
        } catch (RuntimeException failure) {
            kernel.files().close(descriptor);
            throw failure;
        }
    }

    private static void bind(Kernel kernel, MemifSocket socket, int descriptor) {
        try {
            kernel.sockets().bind(descriptor, socket.name(), socket.mode());
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.EADDRINUSE) || socket.isAbstract() || !isDead(kernel, socket)) {
                throw failure;
            }
            kernel.files().unlink(Path.of(socket.name()));
            kernel.sockets().bind(descriptor, socket.name(), socket.mode());
        }
    }

    /** bind(2) leaves out the bits of the umask. Nobody can connect before listen(2). */
    private static void permit(MemifSocket socket) {
        if (socket.isAbstract()) {
            return;
        }
        try {
            Files.setAttribute(Path.of(socket.name()), "unix:mode", socket.mode());
        } catch (IOException failure) {
            throw new VnfkitException("socket " + socket.name() + " cannot have mode 0"
                    + Integer.toOctalString(socket.mode()) + ": " + failure.getMessage(), failure);
        }
    }

    /** The file of a socket stays when its server dies; then nobody answers there. */
    private static boolean isDead(Kernel kernel, MemifSocket socket) {
        int probe = kernel.sockets().socket(UnixSocketCalls.Kind.SEQPACKET);
        try {
            kernel.sockets().connect(probe, socket.name());
            return false;
        } catch (SystemCallException failure) {
            return failure.is(Errno.ECONNREFUSED) && isSocket(Path.of(socket.name()));
        } finally {
            kernel.files().close(probe);
        }
    }

    /** Other files refuse connections too. */
    private static boolean isSocket(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) == SOCKET;
        } catch (IOException gone) {
            return false;
        }
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        kernel.files().close(descriptor);
        if (!socket.isAbstract()) {
            unlink();
        }
    }

    private void unlink() {
        try {
            kernel.files().unlink(Path.of(socket.name()));
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.ENOENT)) {
                throw failure;
            }
        }
    }
}
