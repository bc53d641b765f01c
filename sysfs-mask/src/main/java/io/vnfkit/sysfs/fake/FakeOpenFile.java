package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** An open file description of the fake kernel. Guarded by it. */
final class FakeOpenFile {

    private final Path path;
    private final String name;
    private final Optional<FileChannel> channel;

    private FakeOpenFile(Path path, String name, Optional<FileChannel> channel) {
        this.path = path;
        this.name = name;
        this.channel = channel;
    }

    static FakeOpenFile open(Path path, String name, int flags, boolean isControl) {
        if (Files.isDirectory(path)) {
            return new FakeOpenFile(path, name, Optional.empty());
        }
        try {
            return new FakeOpenFile(path, name, Optional.of(FileChannel.open(path, options(flags, isControl))));
        } catch (IOException failure) {
            throw failed("open", name, failure);
        }
    }

    private static Set<StandardOpenOption> options(int flags, boolean isControl) {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.READ);
        if (isControl || (flags & LinuxConstants.O_WRONLY + LinuxConstants.O_RDWR) == 0) {
            return options;
        }
        options.add(StandardOpenOption.WRITE);
        if ((flags & LinuxConstants.O_CREAT) != 0) {
            options.add(StandardOpenOption.CREATE);
        }
        if ((flags & LinuxConstants.O_TRUNC) != 0) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        if ((flags & LinuxConstants.O_APPEND) != 0) {
            // Channels do not append and read at once.
            options.remove(StandardOpenOption.READ);
            options.add(StandardOpenOption.APPEND);
        }
        return options;
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    private FileChannel channel(String call) {
        return channel.orElseThrow(() -> new SystemCallException(call, name, Errno.EISDIR.number()));
    }

    int read(ByteBuffer target) {
        try {
            return Math.max(0, channel("read").read(target));
        } catch (IOException failure) {
            throw failed("read", name, failure);
        }
    }

    int pread(ByteBuffer target, long offset) {
        try {
            return Math.max(0, channel("pread").read(target, offset));
        } catch (IOException failure) {
            throw failed("pread", name, failure);
        }
    }

    int write(ByteBuffer source) {
        try {
            return channel("write").write(source);
        } catch (IOException failure) {
            throw failed("write", name, failure);
        }
    }

    void truncate(long length) {
        try {
            FileChannel file = channel("ftruncate");
            if (file.size() < length) {
                file.write(ByteBuffer.allocate(1), length - 1);
            } else {
                file.truncate(length);
            }
        } catch (IOException failure) {
            throw failed("ftruncate", name, failure);
        }
    }

    void close() {
        if (channel.isEmpty()) {
            return;
        }
        try {
            channel.get().close();
        } catch (IOException failure) {
            throw failed("close", name, failure);
        }
    }

    static SystemCallException failed(String call, String name, IOException failure) {
        SystemCallException refused = new SystemCallException(call, name, errno(failure).number());
        refused.initCause(failure);
        return refused;
    }

    private static Errno errno(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (failure instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        }
        return failure instanceof DirectoryNotEmptyException ? Errno.ENOTEMPTY : Errno.EIO;
    }
}
