package io.vnfkit.linux;

import io.vnfkit.linux.KernelFileException.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files of the kernel below a root: {@code /} in production, a directory with a fake sysfs and procfs in tests.
 *
 * <p>Paths are absolute and given as the kernel knows them ({@code /sys/devices/system/cpu/online}). Reading needs no
 * native code. Writing opens the file without create and truncate and hands the whole value to one write(2), since a
 * file of the kernel takes a value whole, and a misspelt name must fail rather than make an ordinary file.
 *
 * <p>Immutable and thread-safe.
 */
public final class KernelFiles {

    private final Path root;
    private final Supplier<Syscalls> syscalls;

    private KernelFiles(Path root, Supplier<Syscalls> syscalls) {
        this.root = root;
        this.syscalls = syscalls;
    }

    /**
     * The files of this machine.
     *
     * @return files below {@code /}
     */
    public static KernelFiles host() {
        return below(Path.of("/"));
    }

    /**
     * Files below another root, for instance a fake host.
     *
     * @param root an absolute directory
     * @return files below it
     */
    public static KernelFiles below(Path root) {
        return new KernelFiles(requireAbsolute(root), Syscalls::host);
    }

    /**
     * Files below another root, written through other system calls.
     *
     * @param root an absolute directory
     * @param syscalls the calls that write
     * @return files below it
     */
    public static KernelFiles below(Path root, Syscalls syscalls) {
        Objects.requireNonNull(syscalls, "syscalls");
        return new KernelFiles(requireAbsolute(root), () -> syscalls);
    }

    private static Path requireAbsolute(Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
        return path.normalize();
    }

    /**
     * The root of these files.
     *
     * @return an absolute directory
     */
    public Path root() {
        return root;
    }

    /**
     * Where a file of the kernel lies below the root.
     *
     * @param path absolute path as the kernel knows it
     * @return the path to open
     */
    public Path resolve(Path path) {
        Path absolute = requireAbsolute(path);
        return root.getNameCount() == 0 ? absolute : root.resolve(absolute.toString().substring(1));
    }

    /**
     * Where a file of the kernel lies below the root.
     *
     * @param path absolute path as the kernel knows it
     * @return the path to open
     */
    public Path resolve(String path) {
        return resolve(Path.of(path));
    }

    /**
     * Tells whether a file or directory exists.
     *
     * @param path absolute path as the kernel knows it
     * @return true if it does; symbolic links are followed
     */
    public boolean exists(String path) {
        return exists(resolve(path));
    }

    /**
     * Tells whether a directory exists.
     *
     * @param path absolute path as the kernel knows it
     * @return true if it exists and is a directory
     */
    public boolean isDirectory(String path) {
        return isDirectory(resolve(path));
    }

    // Not by java.nio.file.Files: that of JDK 17 makes an exception with a stack trace of every "no", and a plan asks
    // for a dozen files that most hosts do not have. Both follow symbolic links, and both take a path that cannot be
    // looked at for missing.
    private static boolean exists(Path file) {
        return file.toFile().exists();
    }

    private static boolean isDirectory(Path file) {
        return file.toFile().isDirectory();
    }

    /**
     * Tells whether the path itself is a symbolic link.
     *
     * @param path absolute path as the kernel knows it
     * @return true if it is one, dangling or not
     */
    public boolean isLink(String path) {
        return Files.isSymbolicLink(resolve(path));
    }

    /**
     * Reads a file without the newline at its end.
     *
     * @param path absolute path as the kernel knows it
     * @return its content
     * @throws KernelFileException if it cannot be read
     */
    public String read(String path) {
        return stripNewline(readRaw(path));
    }

    /**
     * Reads a file as it is.
     *
     * @param path absolute path as the kernel knows it
     * @return its content
     * @throws KernelFileException if it cannot be read
     */
    public String readRaw(String path) {
        Path file = resolve(path);
        try {
            return WholeFile.read(file);
        } catch (IOException failure) {
            throw failed(Operation.READ, file, null, failure);
        }
    }

    /**
     * Reads a file that may be missing.
     *
     * @param path absolute path as the kernel knows it
     * @return its content without the newline at its end; empty if there is no such file
     * @throws KernelFileException if it exists and cannot be read
     */
    public Optional<String> readIfExists(String path) {
        Path file = resolve(path);
        try {
            return Optional.of(stripNewline(WholeFile.read(file)));
        } catch (NoSuchFileException | NotDirectoryException missing) {
            return Optional.empty();
        } catch (IOException failure) {
            KernelFileException exception = failed(Operation.READ, file, null, failure);
            // ENODEV: a control group was removed after its file had been opened.
            if (exception.is(Errno.ENOTDIR) || exception.is(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw exception;
        }
    }

    /**
     * Reads the lines of a file.
     *
     * @param path absolute path as the kernel knows it
     * @return its lines
     * @throws KernelFileException if it cannot be read
     */
    public List<String> readLines(String path) {
        return readRaw(path).lines().toList();
    }

    /**
     * Writes a value in one write(2).
     *
     * @param path absolute path as the kernel knows it
     * @param value the value, with or without a newline as the file wants it
     * @throws KernelFileException if the file does not exist or does not take the value
     */
    public void write(String path, String value) {
        Path file = resolve(path);
        Syscalls kernel = syscalls.get();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try {
            int descriptor = kernel.open(file, LinuxConstants.O_WRONLY, 0);
            try {
                int written = kernel.write(descriptor, ByteBuffer.wrap(bytes));
                if (written != bytes.length) {
                    throw new KernelFileException(Operation.WRITE, file, value, Errno.EIO.number(),
                            "the kernel took " + written + " of " + bytes.length + " bytes");
                }
            } finally {
                kernel.close(descriptor);
            }
        } catch (SystemCallException failure) {
            throw new KernelFileException(Operation.WRITE, file, value, failure.number(), failure.hint());
        }
    }

    /**
     * Lists a directory.
     *
     * @param path absolute path as the kernel knows it
     * @return the names in it, sorted
     * @throws KernelFileException if it cannot be listed
     */
    public List<String> list(String path) {
        Path directory = resolve(path);
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().collect(Collectors.toList());
        } catch (IOException failure) {
            throw failed(Operation.LIST, directory, null, failure);
        } catch (UncheckedIOException failure) {
            // The stream reads on as it is consumed: a directory of procfs can end in between.
            throw failed(Operation.LIST, directory, null, failure.getCause());
        }
    }

    /**
     * Lists a directory that may be missing.
     *
     * @param path absolute path as the kernel knows it
     * @return the names in it, sorted; empty if there is no such directory
     * @throws KernelFileException if it exists and cannot be listed
     */
    public List<String> listIfExists(String path) {
        return isDirectory(path) ? list(path) : List.of();
    }

    /**
     * Reads a symbolic link.
     *
     * @param path absolute path as the kernel knows it
     * @return its target as it is written
     * @throws KernelFileException if it is no link
     */
    public Path readLink(String path) {
        Path link = resolve(path);
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException failure) {
            throw failed(Operation.READLINK, link, null, failure);
        }
    }

    /**
     * The device number of a device node.
     *
     * @param path absolute path as the kernel knows it
     * @return major and minor number; empty if there is no such file
     */
    public Optional<DeviceNumber> deviceNumber(String path) {
        Path node = resolve(path);
        if (!Files.exists(node, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            long number = ((Number) Files.getAttribute(node, "unix:rdev")).longValue();
            return Optional.of(DeviceNumber.ofEncoded(number));
        } catch (IOException failure) {
            throw failed(Operation.READ, node, null, failure);
        }
    }

    private static KernelFileException failed(Operation operation, Path file, String value, IOException failure) {
        Errno errno = errno(failure);
        String hint = errno == Errno.UNKNOWN ? failure.toString() : "";
        KernelFileException exception = new KernelFileException(operation, file, value, errno.number(), hint);
        exception.initCause(failure);
        return exception;
    }

    private static Errno errno(IOException failure) {
        // NIO gives types for some errnos and the C library's text for the others, which in a foreign locale is unknown
        // here.
        if (failure instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (failure instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        if (failure instanceof NotDirectoryException) {
            return Errno.ENOTDIR;
        }
        if (failure instanceof NotLinkException) {
            return Errno.EINVAL;
        }
        String reason = failure instanceof FileSystemException fileFailure ? fileFailure.getReason()
                : failure.getMessage();
        return Errno.ofText(reason);
    }

    private static String stripNewline(String content) {
        return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    }

    @Override
    public String toString() {
        return "kernel files below " + root;
    }
}
