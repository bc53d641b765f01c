package io.vnfkit.examples.benchmark;

import org.HdrHistogram.DoubleHistogram;

/** Values that were measured, durations in microseconds or ratios. Not thread-safe. */
public final class Distribution {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final DoubleHistogram histogram = new DoubleHistogram(SIGNIFICANT_DIGITS);

    /** Without values. */
    public Distribution() {
        histogram.setAutoResize(true);
    }

    /**
     * Adds a value.
     *
     * @param value not negative
     */
    public void add(double value) {
        histogram.recordValue(value);
    }

    /**
     * Adds a duration.
     *
     * @param nanoseconds the duration
     */
    public void addNanoseconds(long nanoseconds) {
        add(nanoseconds / 1000.0);
    }

    /**
     * What a result file keeps of a distribution.
     *
     * @param count how many values
     * @param minimum the lowest
     * @param percentile10 a tenth is below
     * @param median half is below
     * @param percentile90 a tenth is above
     * @param maximum the highest
     */
    public record Summary(long count, double minimum, double percentile10, double median, double percentile90,
            double maximum) {}

    /**
     * Percentiles of the values so far.
     *
     * @return with three digits after the point
     */
    public Summary summary() {
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
