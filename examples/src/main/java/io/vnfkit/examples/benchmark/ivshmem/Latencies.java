package io.vnfkit.examples.benchmark.ivshmem;

import org.HdrHistogram.Histogram;

/** Round trips of a contestant. Not thread-safe. */
final class Latencies {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram all = new Histogram(SIGNIFICANT_DIGITS);

    /**
     * What a result file keeps of them, in nanoseconds.
     *
     * @param count how many round trips
     * @param median half took no longer
     * @param percentile90 all but a tenth took no longer
     * @param percentile99 all but a hundredth
     * @param percentile999 all but a thousandth
     * @param percentile9999 all but a ten-thousandth
     * @param maximum the longest
     */
    record Summary(long count, long median, long percentile90, long percentile99, long percentile999,
            long percentile9999, long maximum) {}

    /**
     * Adds those of a turn.
     *
     * @param pairs nanoseconds and count
     * @return their median
     */
    double add(long[] pairs) {
        Histogram turn = new Histogram(SIGNIFICANT_DIGITS);
        for (int i = 0; i < pairs.length; i += 2) {
            turn.recordValueWithCount(pairs[i], pairs[i + 1]);
        }
        all.add(turn);
        return turn.getValueAtPercentile(50);
    }

    Summary summary() {
        return new Summary(all.getTotalCount(), at(50), at(90), at(99), at(99.9), at(99.99), all.getMaxValue());
    }

    private long at(double percent) {
        return all.getValueAtPercentile(percent);
    }
}
