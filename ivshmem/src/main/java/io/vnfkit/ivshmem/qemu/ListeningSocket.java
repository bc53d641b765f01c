package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A socket that listens, and its file. Not thread-safe. */
final class ListeningSocket implements AutoCloseable {

    private static final int BACKLOG = 64;

    private final Kernel kernel;
    private final Path path;
    private final int descriptor;
    private final Object file;

    private ListeningSocket(Kernel kernel, Path path, int descriptor, Object file) {
        this.kernel = kernel;
        this.path = path;
        this.descriptor = descriptor;
        this.file = file;
    }

    static ListeningSocket open(Kernel kernel, Path path, int mode, boolean replaceAbandoned) {
        if (replaceAbandoned && isAbandoned(kernel, path)) {
            kernel.calls().unlink(path);
        }
        int descriptor = kernel.sockets().socket(Kind.STREAM);
        try {
            kernel.sockets().bind(descriptor, path.toString(), mode);
            kernel.sockets().listen(descriptor, BACKLOG);
            return new ListeningSocket(kernel, path, descriptor, identity(path));
        } catch (RuntimeException failure) {
            kernel.calls().close(descriptor);
            throw failure;
        }
    }

    private static boolean isAbandoned(Kernel kernel, Path path) {
        int probe = kernel.sockets().socket(Kind.STREAM);
        try {
            kernel.sockets().connect(probe, path.toString());
            return false;
        } catch (SystemCallException failure) {
            // Also the answer for a file that is no socket, which is nobody's to remove.
            return failure.is(Errno.ECONNREFUSED) && isSocket(path);
        } finally {
            kernel.calls().close(probe);
        }
    }

    private static boolean isSocket(Path path) {
        BasicFileAttributes attributes = attributes(path);
        return attributes != null && attributes.isOther();
    }

    /** Which file it is, to remove that one and no other that took its name since. Null if there is none. */
    private static Object identity(Path path) {
        BasicFileAttributes attributes = attributes(path);
        return attributes == null ? null : attributes.fileKey();
    }

    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at " + path, failure);
        }
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        kernel.calls().close(descriptor);
        if (file != null && file.equals(identity(path))) {
            kernel.calls().unlink(path);
        }
    }
}
