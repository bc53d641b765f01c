package io.vnfkit.linux;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A file of the kernel (sysfs, procfs, cgroupfs) that could not be read or written. */
public final class KernelFileException extends KernelException {

    private static final long serialVersionUID = 1L;

    /** What was tried. */
    public enum Operation {
        /** Reading the content. */
        READ,
        /** Writing a value. */
        WRITE,
        /** Listing a directory. */
        LIST,
        /** Making a directory. */
        MKDIR,
        /** Removing a directory. */
        RMDIR,
        /** Removing a file. */
        UNLINK,
        /** Following a symbolic link. */
        READLINK
    }

    private final Operation operation;
    private final String path;
    private final String value;

    /**
     * Creates the exception.
     *
     * @param operation what was tried
     * @param path on which file
     * @param value what was written; null for other operations
     * @param number the errno
     * @param hint the likely cure; empty where none is known
     */
    public KernelFileException(Operation operation, Path path, String value, int number, String hint) {
        super(describe(operation, path, value), number, hint);
        this.operation = operation;
        this.path = path.toString();
        this.value = value;
    }

    private static String describe(Operation operation, Path path, String value) {
        Objects.requireNonNull(path, "path");
        String verb = operation.name().toLowerCase(java.util.Locale.ROOT);
        return value == null ? verb + " " + path : verb + " \"" + value.strip() + "\" to " + path;
    }

    /**
     * What was tried.
     *
     * @return the operation
     */
    public Operation operation() {
        return operation;
    }

    /**
     * On which file.
     *
     * @return its path
     */
    public Path path() {
        return Path.of(path);
    }

    /**
     * What was written.
     *
     * @return the value; empty for operations other than writing
     */
    public Optional<String> value() {
        return Optional.ofNullable(value);
    }
}
