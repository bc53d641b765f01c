package io.vnfkit.dpdk.measure;

import io.vnfkit.dpdk.statistics.LatencyStatistics;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Latency under a load. {@link #toString} is a table for people.
 *
 * @param frameLength with checksum; the mean of a mix
 * @param trial what was sent and received, the warm-up included
 * @param latencies by name of the sink, without the warm-up
 */
public record LatencyResult(double frameLength, TrialResult trial, Map<String, LatencyStatistics> latencies) {

    private static final double MICRO = 1e3;

    /** Copies the map. */
    public LatencyResult {
        latencies = Collections.unmodifiableMap(new LinkedHashMap<>(latencies));
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "frames of %.0f bytes, %s%n", frameLength, trial));
        table.append(String.format("%-16s %14s %10s %10s %10s %10s %10s %10s us%n",
                "sink", "frames", "min", "mean", "p50", "p99", "p99.9", "max"));
        latencies.forEach((sink, latency) -> table.append(String.format(Locale.ROOT,
                "%-16s %,14d %10.2f %10.2f %10.2f %10.2f %10.2f %10.2f%n", sink, latency.count(),
                micros(latency.minimum()), micros(latency.mean()), micros(latency.percentile(50)),
                micros(latency.percentile(99)), micros(latency.percentile(99.9)), micros(latency.maximum()))));
        return table.toString();
    }

    private static double micros(Duration time) {
        return time.toNanos() / MICRO;
    }
}
