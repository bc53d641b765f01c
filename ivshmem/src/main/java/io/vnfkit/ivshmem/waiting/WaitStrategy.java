package io.vnfkit.ivshmem.waiting;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What a thread does between two looks. Those made here have no state and are thread-safe, but for that of a doorbell,
 * which is for one thread.
 */
@FunctionalInterface
public interface WaitStrategy {

    /**
     * Lets time pass, not much more than it is given.
     *
     * @param round how often it was called in this wait, from 0
     * @param nanos how long at most
     * @param ready tells whether it may return at once
     */
    void pause(int round, long nanos, BooleanSupplier ready);

    /**
     * Looks without a pause: the shortest latency, for a whole CPU.
     *
     * @return the strategy
     */
    static WaitStrategy busyPoll() {
        return (round, nanos, ready) -> BackOff.spin(ready);
    }

    /**
     * Looks without a pause for some microseconds, then lets others run between two looks, then sleeps, each time twice
     * as long. A sleeping thread is late by as much as it sleeps.
     *
     * @param shortest the first sleep, such as a microsecond
     * @param longest the longest sleep, such as a millisecond
     * @return the strategy
     * @throws IllegalArgumentException if they are not positive or in the wrong order
     */
    static WaitStrategy backOff(Duration shortest, Duration longest) {
        return new BackOff(16, 16, shortest.toNanos(), longest.toNanos());
    }

    /**
     * Looks without a pause for some microseconds, then sleeps until the doorbell rings.
     *
     * @param sleeper this side of the doorbell
     * @return the strategy, for one thread
     */
    static WaitStrategy doorbell(DoorbellSleeper sleeper) {
        return (round, nanos, ready) -> {
            if (round < 16) {
                BackOff.spin(ready);
            } else {
                sleeper.sleep(nanos, ready);
            }
        };
    }
}
