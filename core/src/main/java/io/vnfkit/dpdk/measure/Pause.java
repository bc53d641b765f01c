package io.vnfkit.dpdk.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, and can be interrupted. */
final class Pause {

    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private Pause() {}

    /** Returns after this time. */
    static void of(Duration time) throws InterruptedException {
        until(time, () -> false);
    }

    /** Returns true when the condition holds, or false after this time. */
    static boolean until(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean holds = condition.getAsBoolean();
        long left = patience.toNanos();
        while (!holds && left > 0) {
            requireNotInterrupted();
            LockSupport.parkNanos(Math.min(left, POLL_NANOS));
            holds = condition.getAsBoolean();
            left = deadline - System.nanoTime();
        }
        requireNotInterrupted();
        return holds;
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
