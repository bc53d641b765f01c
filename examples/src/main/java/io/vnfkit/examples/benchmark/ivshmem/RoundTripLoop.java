package io.vnfkit.examples.benchmark.ivshmem;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Sends numbers, the next one when the last has come back, and measures how long each was under way. */
final class RoundTripLoop implements Loop {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Link link;
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
    private long next;
    /** When stopped in the middle, one is still under way. */
    private boolean isUnderWay;

    RoundTripLoop(Link link) {
        this.link = link;
    }

    @Override
    public void run(Progress progress) {
        latencies.reset();
        if (isUnderWay && !takeBack(progress)) {
            return;
        }
        long sent = System.nanoTime();
        while (progress.isRunning()) {
            link.send(next);
            isUnderWay = true;
            if (!takeBack(progress)) {
                return;
            }
            long now = System.nanoTime();
            latencies.recordValue(now - sent);
            sent = now;
            progress.done(next);
        }
    }

    private boolean takeBack(Progress progress) {
        long number = link.await(progress);
        if (number < 0) {
            return false;
        }
        if (number != next) {
            throw new IllegalStateException(number + " came back, not " + next);
        }
        isUnderWay = false;
        next++;
        return true;
    }

    /** Pairs of nanoseconds and count, of the last run. Only while it is stopped. */
    String latencies() {
        StringBuilder pairs = new StringBuilder();
        for (HistogramIterationValue value : latencies.recordedValues()) {
            pairs.append(' ').append(value.getValueIteratedTo()).append(' ').append(value.getCountAddedInThisIterationStep());
        }
        return pairs.toString();
    }
}
