package io.vnfkit.testing;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Files below a directory of a test that behave like files of the kernel: they are not created unasked, and the first
 * write to an open file replaces its whole value. Every method takes the text of its call, for the exception when the
 * kernel would refuse.
 */
final class EmulatedFiles {

    private static final class OpenFile {
        private final FileChannel channel;
        private final boolean appending;
        private boolean written;

        OpenFile(FileChannel channel, boolean appending) {
            this.channel = channel;
            this.appending = appending;
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private final Path directory;
    private final Map<Integer, OpenFile> open = new HashMap<>();

    EmulatedFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    boolean isOpen(int descriptor) {
        return open.containsKey(descriptor);
    }

    void open(String call, int descriptor, Path path, int flags) {
        Path file = inside(path);
        Set<OpenOption> options = new HashSet<>();
        int access = flags & 3;
        if (access != LinuxConstants.O_WRONLY) {
            options.add(StandardOpenOption.READ);
        }
        if (access != LinuxConstants.O_RDONLY) {
            options.add(StandardOpenOption.WRITE);
        }
        if ((flags & LinuxConstants.O_CREAT) != 0) {
            options.add((flags & LinuxConstants.O_EXCL) != 0
                    ? StandardOpenOption.CREATE_NEW
                    : StandardOpenOption.CREATE);
        }
        if (Files.isDirectory(file)) {
            // Reading a directory's descriptor is EISDIR, which a channel would report only then; opening one is
            // allowed.
            require(call, access == LinuxConstants.O_RDONLY, Errno.EISDIR);
            return;
        }
        attempt(call, () -> {
            boolean existed = Files.exists(file);
            FileChannel channel = FileChannel.open(file, options);
            if ((flags & LinuxConstants.O_TRUNC) != 0 && access != LinuxConstants.O_RDONLY) {
                channel.truncate(0);
            }
            boolean appending = (flags & LinuxConstants.O_APPEND) != 0 || !existed;
            open.put(descriptor, new OpenFile(channel, appending));
        });
    }

    void close(String call, int descriptor) {
        OpenFile file = open.remove(descriptor);
        attempt(call, file.channel::close);
    }

    int read(String call, int descriptor, ByteBuffer target) {
        return transfer(call, () -> Math.max(0, open.get(descriptor).channel.read(target)));
    }

    int pread(String call, int descriptor, ByteBuffer target, long offset) {
        return transfer(call, () -> Math.max(0, open.get(descriptor).channel.read(target, offset)));
    }

    int write(String call, int descriptor, ByteBuffer source) {
        OpenFile file = open.get(descriptor);
        return transfer(call, () -> {
            if (file.appending) {
                file.channel.position(file.channel.size());
            } else if (!file.written) {
                file.channel.truncate(0);
            }
            file.written = true;
            return file.channel.write(source);
        });
    }

    void truncate(String call, int descriptor, long length) {
        FileChannel channel = open.get(descriptor).channel;
        attempt(call, () -> {
            if (length > channel.size()) {
                channel.write(ByteBuffer.allocate(1), length - 1);
            }
            channel.truncate(length);
        });
    }

    void mkdir(String call, Path path, int mode) {
        attempt(call, () -> {
            Files.createDirectory(inside(path));
            Files.setAttribute(inside(path), "unix:mode", mode);
        });
    }

    void rmdir(String call, Path path) {
        Path file = inside(path);
        require(call, Files.exists(file, LinkOption.NOFOLLOW_LINKS), Errno.ENOENT);
        require(call, Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS), Errno.ENOTDIR);
        attempt(call, () -> Files.delete(file));
    }

    void unlink(String call, Path path) {
        Path file = inside(path);
        require(call, !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS), Errno.EISDIR);
        attempt(call, () -> Files.delete(file));
    }

    private Path inside(Path path) {
        Path file = path.toAbsolutePath().normalize();
        if (!file.startsWith(directory)) {
            throw new AssertionError("the code under test touches " + path + ", outside of the test's " + directory);
        }
        return file;
    }

    private static void require(String call, boolean holds, Errno otherwise) {
        if (!holds) {
            throw CallRecord.refused(call, otherwise);
        }
    }

    private interface Transfer {
        int run() throws IOException;
    }

    private static int transfer(String call, Transfer transfer) {
        int[] count = new int[1];
        attempt(call, () -> count[0] = transfer.run());
        return count[0];
    }

    private static void attempt(String call, Action action) {
        try {
            action.run();
        } catch (IOException failure) {
            SystemCallException refusal = CallRecord.refused(call, errno(failure));
            refusal.initCause(failure);
            throw refusal;
        }
    }

    private static Errno errno(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (failure instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY;
        }
        String text = failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
        return EnumSet.allOf(Errno.class).stream()
                .filter(errno -> errno.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(failure));
    }
}
