package io.vnfkit.dpdk.measure;

import java.util.List;
import java.util.Locale;

/**
 * Throughput with several lengths of frames. {@link #toString} is a table for people.
 *
 * @param results one for each length
 */
public record ThroughputReport(List<ThroughputResult> results) {

    private static final double MEGA = 1e6;

    /** Copies the list. */
    public ThroughputReport {
        results = List.copyOf(results);
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format("%8s %16s %12s %12s %8s%n",
                "frame", "frames/s", "Mbit/s", "loss %", "trials"));
        for (ThroughputResult result : results) {
            double loss = result.best().map(TrialResult::lossRatio).orElse(1.0) * 100;
            table.append(String.format(Locale.ROOT, "%8.0f %,16.0f %,12.1f %12.4f %8d%s%n", result.frameLength(),
                    result.framesPerSecond(), result.bitsPerSecond() / MEGA, loss, result.trials().size(),
                    result.isLimitedByGenerator() ? "  (all that the generator makes)" : ""));
        }
        return table.toString();
    }
}
