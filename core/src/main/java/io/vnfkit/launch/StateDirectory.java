package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.launch.program.ExitRecord;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory that says which VNFs exist: one directory for each, with a lock file and a record of what to undo. A name whose
 * lock is free is left over, and its record says what to take away.
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

    /** What {@link io.vnfkit.Vnf#named} takes. Directories of other names are somebody else's. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Syscalls syscalls;
    private final Path directory;

    StateDirectory(Syscalls syscalls, Path directory) {
        this.syscalls = syscalls;
        this.directory = directory;
    }

    Path path() {
        return directory;
    }

    /** The directory that holds those of the VNFs. */
    Path vnfs() {
        return directory.resolve(VNFS);
    }

    Path pathOf(String name) {
        return vnfs().resolve(name);
    }

    /** The file that stands for a name: its holder has it locked, and the supervisor leaves the exit record in it. */
    Path lockOf(String name) {
        return pathOf(name).resolve(LOCK);
    }

    /** Names of all VNFs that run or are left over. */
    List<String> names() {
        try (Stream<Path> entries = Files.list(vnfs())) {
            return entries.filter(StateDirectory::isOurs).map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            throw unlisted(failure);
        } catch (UncheckedIOException failure) {
            throw unlisted(failure.getCause());
        }
    }

    private VnfkitException unlisted(IOException failure) {
        String cause = failure instanceof AccessDeniedException ? "it is root's; run this JVM as root" : failure.toString();
        return new VnfkitException("cannot list " + vnfs() + ": " + cause, failure);
    }

    /** A directory that somebody else put there has no lock, and something else in it. */
    private static boolean isOurs(Path entry) {
        return NAME.matcher(entry.getFileName().toString()).matches() && Files.isDirectory(entry)
                && (Files.exists(entry.resolve(LOCK)) || isEmpty(entry));
    }

    private static boolean isEmpty(Path entry) {
        try (Stream<Path> content = Files.list(entry)) {
            return content.findAny().isEmpty();
        } catch (NoSuchFileException gone) {
            // It is being taken away by its owner at this moment.
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What is known of a VNF that runs or is left over. */
    Optional<VnfRecord> record(String name) {
        return new RecordFile(pathOf(name)).read();
    }

    /** Writes down what is known of a VNF. */
    void write(String name, VnfRecord record) {
        new RecordFile(pathOf(name)).write(record);
    }

    /** Does something while no other thread or JVM changes the record of a VNF in this way. */
    void whileLocked(String name, Runnable action) {
        int descriptor = syscalls.open(pathOf(name), LinuxConstants.O_RDONLY, 0);
        try {
            syscalls.lockExclusively(descriptor);
            action.run();
        } finally {
            syscalls.close(descriptor);
        }
    }

    /** Opens the file in which the supervisor will write down how the VNF ended; empty if it is gone. */
    Optional<Integer> openExitRecord(String name) {
        try {
            return Optional.of(syscalls.open(lockOf(name), LinuxConstants.O_RDONLY, 0));
        } catch (SystemCallException failure) {
            if (failure.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** How a VNF ended, as its supervisor wrote it down; empty while it runs, or if the supervisor was killed. */
    Optional<ExitRecord> exitRecord(int descriptor) {
        ByteBuffer content = ByteBuffer.allocateDirect(ExitRecord.SIZE);
        syscalls.pread(descriptor, content, 0);
        return ExitRecord.parse(content.flip());
    }

    /** Removes what a name occupied, and the directory itself with the last name. */
    void remove(String name) {
        new RecordFile(pathOf(name)).delete();
        ignoreMissing(() -> syscalls.unlink(lockOf(name)));
        removeIfEmpty(pathOf(name));
        removeIfEmpty(vnfs());
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
