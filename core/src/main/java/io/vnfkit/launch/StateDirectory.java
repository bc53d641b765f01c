package io.vnfkit.launch;

import io.vnfkit.launch.program.ExitRecord;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that says which VNFs exist: one directory for each, with a lock file and a record of what to undo.
 *
 * <p>The lock is flock(2). It belongs to the open file description that the supervisor inherits, so it is held exactly as long as
 * the launching JVM or the supervisor lives, whatever kills them. A name whose lock is free is left over, and its record says what
 * to take away.
 *
 * <p>Thread-safe, also between JVMs.
 */
final class StateDirectory {

    /** Where it lies on every host: a tmpfs that a reboot empties. */
    static final Path DEFAULT = Path.of("/run/vnfkit");

    /** Below it: mount points of volumes that VNFs share. */
    static final Path VOLUMES = DEFAULT.resolve("volumes");

    private static final String VNFS = "vnfs";
    private static final String LOCK = "lock";
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int PRIVATE_FILE = 0600;

    private final Syscalls syscalls;
    private final Path directory;

    StateDirectory(Syscalls syscalls, Path directory) {
        this.syscalls = syscalls;
        this.directory = directory;
    }

    Path path() {
        return directory;
    }

    Path pathOf(String name) {
        return directory.resolve(VNFS).resolve(name);
    }

    /** Names of all VNFs that run or are left over. */
    List<String> names() {
        Path vnfs = directory.resolve(VNFS);
        if (!Files.isDirectory(vnfs)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(vnfs)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + vnfs, failure);
        }
    }

    /** What is known of a VNF that runs or is left over. */
    Optional<VnfRecord> record(String name) {
        return VnfRecord.read(pathOf(name));
    }

    /** Replaces the record of a VNF that runs. */
    void replaceRecord(String name, VnfRecord record) {
        record.write(pathOf(name));
    }

    /** How a VNF ended, as its supervisor wrote it down; empty while it runs, or if the supervisor was killed. */
    Optional<ExitRecord> exitRecord(String name) {
        Path lock = pathOf(name).resolve(LOCK);
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        int descriptor = syscalls.open(lock, LinuxConstants.O_RDONLY, 0);
        try {
            ByteBuffer content = ByteBuffer.allocateDirect(ExitRecord.SIZE);
            syscalls.pread(descriptor, content, 0);
            return ExitRecord.parse(content.flip());
        } finally {
            syscalls.close(descriptor);
        }
    }

    /** Takes a name, left over or new; empty if a living process holds it. */
    Optional<NameClaim> tryClaim(String name) {
        while (true) {
            Optional<Integer> lock = openLock(name);
            if (lock.isEmpty()) {
                continue;
            }
            if (!syscalls.tryLockExclusively(lock.get())) {
                syscalls.close(lock.get());
                return Optional.empty();
            }
            if (isStillInPlace(lock.get(), name)) {
                return Optional.of(new NameClaim(syscalls, this, name, lock.get()));
            }
            // Its last owner removed the file between our open and our lock.
            syscalls.close(lock.get());
        }
    }

    /** Tells whether a living process holds a name. Makes nothing. */
    boolean isHeld(String name) {
        Path lock = pathOf(name).resolve(LOCK);
        if (!Files.exists(lock)) {
            return false;
        }
        int descriptor;
        try {
            descriptor = syscalls.open(lock, LinuxConstants.O_RDWR, 0);
        } catch (SystemCallException failure) {
            if (failure.is(Errno.ENOENT)) {
                return false;
            }
            throw failure;
        }
        try {
            return !syscalls.tryLockExclusively(descriptor);
        } finally {
            syscalls.close(descriptor);
        }
    }

    private Optional<Integer> openLock(String name) {
        makeDirectory(directory);
        makeDirectory(directory.resolve(VNFS));
        makeDirectory(pathOf(name));
        try {
            return Optional.of(syscalls.open(pathOf(name).resolve(LOCK),
                    LinuxConstants.O_RDWR | LinuxConstants.O_CREAT, PRIVATE_FILE));
        } catch (SystemCallException failure) {
            if (failure.is(Errno.ENOENT)) {
                // Another launcher that closed its last VNF has removed the directory just now.
                return Optional.empty();
            }
            throw failure;
        }
    }

    private void makeDirectory(Path path) {
        try {
            syscalls.mkdir(path, PRIVATE_DIRECTORY);
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.EEXIST) && !failure.is(Errno.ENOENT)) {
                throw failure;
            }
        }
    }

    private boolean isStillInPlace(int lock, String name) {
        Path path = pathOf(name).resolve(LOCK);
        try {
            return Files.isSameFile(Path.of("/proc/self/fd/" + lock), path);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Removes what a name occupied, and the directory itself with the last name. */
    void remove(String name) {
        VnfRecord.delete(pathOf(name));
        ignoreMissing(() -> syscalls.unlink(pathOf(name).resolve(LOCK)));
        removeIfEmpty(pathOf(name));
        removeIfEmpty(directory.resolve(VNFS));
        removeIfEmpty(directory);
    }

    private void removeIfEmpty(Path path) {
        try {
            syscalls.rmdir(path);
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.ENOTEMPTY) && !failure.is(Errno.ENOENT) && !failure.is(Errno.EBUSY)) {
                throw failure;
            }
        }
    }

    private static void ignoreMissing(Runnable removal) {
        try {
            removal.run();
        } catch (SystemCallException failure) {
            if (!failure.is(Errno.ENOENT)) {
                throw failure;
            }
        }
    }
}
