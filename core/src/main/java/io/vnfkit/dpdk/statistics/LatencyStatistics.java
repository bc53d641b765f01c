package io.vnfkit.dpdk.statistics;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * How long packets of a generator took to a sink, with an error below 3.2 %.
 *
 * <p>Immutable and thread-safe.
 */
public final class LatencyStatistics {

    /** Receives the buckets of a histogram. */
    @FunctionalInterface
    public interface Buckets {
        /**
         * Takes one bucket.
         *
         * @param nanoseconds the latency that it stands for, the middle of its range
         * @param packets how many packets it has, more than 0
         */
        void accept(long nanoseconds, long packets);
    }

    private final Duration minimum;
    private final Duration mean;
    private final Duration maximum;
    private final Histogram histogram;

    LatencyStatistics(Duration minimum, Duration mean, Duration maximum, Histogram histogram) {
        this.minimum = minimum;
        this.mean = mean;
        this.maximum = maximum;
        this.histogram = histogram;
    }

    /**
     * Packets that were measured.
     *
     * @return their number
     */
    public long count() {
        return histogram.getTotalCount();
    }

    /**
     * The shortest, exactly.
     *
     * @return zero if there was no packet
     */
    public Duration minimum() {
        return minimum;
    }

    /**
     * The mean, exactly.
     *
     * @return zero if there was no packet
     */
    public Duration mean() {
        return mean;
    }

    /**
     * The longest, exactly.
     *
     * @return zero if there was no packet
     */
    public Duration maximum() {
        return maximum;
    }

    /**
     * The latency that a share of the packets did not exceed.
     *
     * @param percent 0 to 100
     * @return zero if there was no packet
     */
    public Duration percentile(double percent) {
        return Duration.ofNanos(histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percent));
    }

    /**
     * Hands out the histogram, for instance to an HdrHistogram of the caller:
     * {@code latency.forEach(histogram::recordValueWithCount)}.
     *
     * @param buckets is called for each bucket that has packets, in ascending order
     */
    public void forEach(Buckets buckets) {
        histogram.recordedValues().forEach(value -> buckets.accept(value.getValueIteratedTo(), value.getCountAtValueIteratedTo()));
    }

    @Override
    public String toString() {
        return count() + " packets, min " + minimum.toNanos() + " ns, mean " + mean.toNanos() + " ns, p99 "
                + percentile(99).toNanos() + " ns, max " + maximum.toNanos() + " ns";
    }
}
