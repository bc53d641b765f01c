package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.memory.Access;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Who uses what of a region, kept by the kernel: locks of single bytes far behind the end of its file. They belong to
 * the open file description, so other processes see them whatever their pid namespaces, and the kernel gives them up
 * when a process ends, however it ends. A process id would say nothing to a peer in another container.
 */
final class RegionLocks {

    private static final long ROLES_AT = 1L << 62;
    private static final long DIRECTORY_AT = ROLES_AT - 1;
    private static final long ATTACHED_AT = ROLES_AT - 2;
    private static final long DIRECTORY_PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final Kernel kernel;
    private final int descriptor;
    private final String region;
    private final Set<Long> held = new HashSet<>();

    RegionLocks(Kernel kernel, int descriptor, String region) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.region = region;
    }

    private static long roleAt(int object, Side side) {
        return ROLES_AT + 2L * object + side.ordinal();
    }

    /** Says that this process has the region mapped. */
    void attached() {
        kernel.memory().tryLock(descriptor, ATTACHED_AT, 1, false);
    }

    boolean isAttachedElsewhere() {
        return kernel.memory().isLockedByOther(descriptor, ATTACHED_AT, 1);
    }

    /** Takes one side of an object. */
    void take(int object, String name, Side side, Access access) {
        if (!tryTake(object, name, side, access)) {
            throw new RegionException("\"" + name + "\" in region \"" + region + "\" has a " + side
                    + " already: it is to be closed, or its process to end, before another one takes over");
        }
    }

    /** Takes one side of an object, or says that somebody else has it. */
    synchronized boolean tryTake(int object, String name, Side side, Access access) {
        if (access == Access.READ_ONLY) {
            throw new RegionException("the " + side + " of \"" + name + "\" in region \"" + region
                    + "\" writes its index there, but the region is attached for reading alone");
        }
        long at = roleAt(object, side);
        // The kernel would give the same open file a lock twice.
        return !held.contains(at) && kernel.memory().tryLock(descriptor, at, 1, true) && held.add(at);
    }

    synchronized void giveUp(int object, Side side) {
        long at = roleAt(object, side);
        if (held.remove(at)) {
            kernel.memory().unlock(descriptor, at, 1);
        }
    }

    /** Whether a process, this one included, is that side now. */
    synchronized boolean isTaken(int object, Side side) {
        long at = roleAt(object, side);
        return held.contains(at) || kernel.memory().isLockedByOther(descriptor, at, 1);
    }

    /** Runs a change of the directory, one at a time among all processes. */
    synchronized void changingDirectory(Runnable change) {
        long deadline = System.nanoTime() + DIRECTORY_PATIENCE;
        // A peer that holds the lock for ever must not hang this process, so no F_OFD_SETLKW.
        while (!kernel.memory().tryLock(descriptor, DIRECTORY_AT, 1, true)) {
            if (System.nanoTime() - deadline > 0) {
                throw new RegionException("another process changes the directory of region \"" + region
                        + "\" and does not come to an end");
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
        try {
            change.run();
        } finally {
            kernel.memory().unlock(descriptor, DIRECTORY_AT, 1);
        }
    }
}
