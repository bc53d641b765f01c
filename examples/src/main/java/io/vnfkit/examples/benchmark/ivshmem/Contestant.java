package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.ivshmem.Side.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Who takes part in a comparison: a process for both sides of a ring, or one for each. They work while it is their turn;
 * what is left in the ring waits for the next.
 *
 * @param sides its processes; the last one counts
 */
record Contestant(List<Side> sides) implements AutoCloseable {

    private static final Duration SETTLING = Duration.ofMillis(5);
    /** Interrupts of the machine, and the one who measures, need some time too. */
    private static final double UNDISTURBED = 0.95;

    /**
     * What it did in a turn.
     *
     * @param millionsPerSecond elements
     * @param isUndisturbed whether its loops had their CPUs nearly all the time
     */
    record Turn(double millionsPerSecond, boolean isUndisturbed) {}

    Turn take(Duration sample) throws IOException {
        for (Side side : sides) {
            side.run();
        }
        LockSupport.parkNanos(SETTLING.toNanos());
        List<Count> before = counts();
        LockSupport.parkNanos(sample.toNanos());
        List<Count> after = counts();
        for (Side side : sides) {
            side.pause();
        }
        boolean isUndisturbed = true;
        for (int i = 0; i < sides.size(); i++) {
            isUndisturbed &= after.get(i).cpuShareSince(before.get(i)) >= UNDISTURBED;
        }
        return new Turn(last(after).millionsSince(last(before)), isUndisturbed);
    }

    private List<Count> counts() throws IOException {
        List<Count> counts = new ArrayList<>();
        for (Side side : sides) {
            counts.add(side.count());
        }
        return counts;
    }

    private static <T> T last(List<T> values) {
        return values.get(values.size() - 1);
    }

    /** Round trips of the last turn: pairs of nanoseconds and how often they were measured. */
    long[] latencies() throws IOException {
        return last(sides).latencies();
    }

    @Override
    public void close() throws IOException {
        for (Side side : sides) {
            side.close();
        }
    }
}
