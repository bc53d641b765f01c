package io.vnfkit.ivshmem.waiting;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for something in a region.
 *
 * <pre>{@code
 * Waiter waiter = new Waiter(region, consumer::isPeerPresent, WaitStrategy.backOff(micro, milli));
 * while (waiter.await(() -> !consumer.isEmpty(), Duration.ofSeconds(1)) == WaitResult.READY) {
 *     consumer.read(handler, 64);
 * }
 * }</pre>
 *
 * <p>Whether the other side is still there, and the region in use, is asked every 10 ms and not more often, since it takes
 * two system calls. What a side left before it ended is READY before it is lost. As safe for threads as its strategy.
 */
public final class Waiter {

    private static final long CHECK_EVERY = TimeUnit.MILLISECONDS.toNanos(10);

    private final Region region;
    private final BooleanSupplier peerPresent;
    private final WaitStrategy strategy;

    /**
     * Creates a waiter.
     *
     * @param region where it is waited for
     * @param peerPresent tells whether the other side is there, such as {@code consumer::isPeerPresent}; {@code () -> true}
     *     if it may come later
     * @param strategy what to do between two looks
     */
    public Waiter(Region region, BooleanSupplier peerPresent, WaitStrategy strategy) {
        this.region = region;
        this.peerPresent = peerPresent;
        this.strategy = strategy;
    }

    /**
     * Waits. Whatever {@code ready} throws goes to the caller.
     *
     * @param ready tells whether it is there, such as {@code () -> !consumer.isEmpty()}
     * @param timeout how long at most; zero looks once
     * @return how the wait ended
     */
    public WaitResult await(BooleanSupplier ready, Duration timeout) {
        if (ready.getAsBoolean()) {
            return WaitResult.READY;
        }
        long start = System.nanoTime();
        long patience = nanosOf(timeout);
        long nextCheck = CHECK_EVERY;
        WaitResult lost = lost();
        for (int round = 0; ; round = Math.max(0, round + 1)) {
            long waited = System.nanoTime() - start;
            if (lost == WaitResult.READY && waited >= nextCheck) {
                nextCheck = waited + CHECK_EVERY;
                lost = lost();
            }
            // After it was asked who is there: what a peer put there last is seen.
            if (ready.getAsBoolean()) {
                return WaitResult.READY;
            }
            if (lost != WaitResult.READY) {
                return lost;
            }
            if (waited >= patience) {
                return WaitResult.TIMED_OUT;
            }
            if (Thread.currentThread().isInterrupted()) {
                return WaitResult.INTERRUPTED;
            }
            strategy.pause(round, Math.min(patience, nextCheck) - waited, ready);
        }
    }

    private static long nanosOf(Duration timeout) {
        return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    /** READY for nothing. */
    private WaitResult lost() {
        if (region.state() != RegionState.USABLE) {
            return WaitResult.REGION_RETIRED;
        }
        return peerPresent.getAsBoolean() ? WaitResult.READY : WaitResult.PEER_LOST;
    }
}
