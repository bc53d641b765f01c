package io.vnfkit.ivshmem.qemu;

import java.time.Duration;

/** A moment until which is waited. */
record Deadline(long start, Duration timeout) {

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime(), timeout);
    }

    /** What is left of the time; zero when it is over. */
    Duration rest() {
        Duration rest = timeout.minusNanos(System.nanoTime() - start);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    boolean isOver() {
        return rest().isZero();
    }
}
