package io.vnfkit.cgroup;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for the kernel, looking often at first and ever more seldom, for a bounded time. */
public final class Polling {

    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 10_000_000;

    private Polling() {}

    /**
     * Waits until a condition holds. Does not end early when the thread is interrupted, since a group half frozen or
     * half removed helps nobody; the thread's interrupted status is kept.
     *
     * @param condition asked at once, and again after each pause
     * @param limit how long to wait at most
     * @return false if it did not hold within the time
     */
    public static boolean until(BooleanSupplier condition, Duration limit) {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE;
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - start >= limit.toNanos()) {
                    return false;
                }
                LockSupport.parkNanos(pause);
                // A pending interrupt would make every further park return at once.
                interrupted |= Thread.interrupted();
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
