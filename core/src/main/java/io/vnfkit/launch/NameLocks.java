package io.vnfkit.launch;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who holds which name: flock(2) on the lock file of each VNF.
 *
 * <p>The lock belongs to the open file description that the supervisor inherits, so it is held exactly as long as the launching JVM
 * or the supervisor lives, whatever kills them. Thread-safe, also between JVMs.
 */
final class NameLocks {

    /** How often the directory may vanish while it is made, which takes a launcher that closes its last VNF each time. */
    private static final int ATTEMPTS = 1000;

    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int PRIVATE_FILE = 0600;

    private final Syscalls syscalls;
    private final StateDirectory state;

    NameLocks(Syscalls syscalls, StateDirectory state) {
        this.syscalls = syscalls;
        this.state = state;
    }

    /** Takes a name, left over or new; empty if a process holds its lock at this moment. */
    Optional<NameClaim> tryClaim(String name) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Integer> lock = openLock(name);
            if (lock.isEmpty()) {
                continue;
            }
            if (!syscalls.tryLockExclusively(lock.get())) {
                syscalls.close(lock.get());
                return Optional.empty();
            }
            if (isStillInPlace(lock.get(), name)) {
                return Optional.of(new NameClaim(syscalls, state, name, lock.get()));
            }
            // Its last owner removed the file between our open and our lock.
            syscalls.close(lock.get());
        }
        throw new IllegalStateException("the lock " + state.lockOf(name) + " keeps vanishing: does " + state.path()
                + " lie on a file system that can be written?");
    }

    /** Tells whether a living process holds a name. Makes nothing. */
    boolean isHeld(String name) {
        Path lock = state.lockOf(name);
        if (!Files.exists(lock)) {
            return false;
        }
        int descriptor;
        try {
            descriptor = syscalls.open(lock, LinuxConstants.O_RDONLY, 0);
        } catch (SystemCallException failure) {
            if (failure.is(Errno.ENOENT)) {
                return false;
            }
            throw failure;
        }
        try {
            // Shared: two that only look must not take each other for the holder.
            return !syscalls.tryLockShared(descriptor);
        } finally {
            syscalls.close(descriptor);
        }
    }

    private Optional<Integer> openLock(String name) {
        makeDirectory(state.path());
        makeDirectory(state.vnfs());
        makeDirectory(state.pathOf(name));
        try {
            return Optional.of(syscalls.open(state.lockOf(name), LinuxConstants.O_RDWR | LinuxConstants.O_CREAT, PRIVATE_FILE));
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
        try {
            return Files.isSameFile(Path.of("/proc/self/fd/" + lock), state.lockOf(name));
        } catch (IOException gone) {
            return false;
        }
    }
}
