package io.vnfkit.examples.benchmark;

import org.HdrHistogram.DoubleHistogram;

/** Values that were measured, durations in microseconds or ratios. Not thread-safe. */
final class Distribution {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final DoubleHistogram histogram = new DoubleHistogram(SIGNIFICANT_DIGITS);

    Distribution() {
        histogram.setAutoResize(true);
    }

    void add(double value) {
        histogram.recordValue(value);
    }

    /** Adds a duration. */
    void addNanoseconds(long nanoseconds) {
        add(nanoseconds / 1000.0);
    }

    /** What a result file keeps of a distribution. */
    record Summary(long count, double minimum, double percentile10, double median, double percentile90,
            double maximum) {}

    Summary summary() {
        return new Summary(histogram.getTotalCount(), rounded(histogram.getMinValue()), percentile(10), percentile(50),
                percentile(90), rounded(histogram.getMaxValue()));
    }

    private double percentile(double percent) {
        return rounded(histogram.getValueAtPercentile(percent));
    }

    /** Digits beyond the histogram's precision say nothing. */
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
