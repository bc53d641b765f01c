package io.vnfkit.dpdk.measure;

import java.util.List;
import java.util.Optional;

/**
 * Throughput with one length of frames.
 *
 * @param frameLength with checksum; the mean of a mix
 * @param best the trial at the highest rate that passed; empty if none did
 * @param trials all trials, in their order
 */
public record ThroughputResult(double frameLength, Optional<TrialResult> best, List<TrialResult> trials) {

    /** Copies the list. */
    public ThroughputResult {
        trials = List.copyOf(trials);
    }

    /**
     * The throughput: what was offered in fact in the best trial.
     *
     * @return frames per second; 0 if no trial passed
     */
    public double framesPerSecond() {
        return best.map(TrialResult::offeredRate).orElse(0.0);
    }

    /**
     * The same on a link, with preamble and gap.
     *
     * @return bits per second
     */
    public double bitsPerSecond() {
        return FrameLengths.bitsPerSecond(framesPerSecond(), frameLength);
    }

    /**
     * Tells whether more could have passed, if only the generator had made it.
     *
     * @return true if the generator stayed behind the rate of the best trial
     */
    public boolean isLimitedByGenerator() {
        return best.map(TrialResult::isGeneratorShort).orElse(false);
    }

    @Override
    public String toString() {
        return new ThroughputReport(List.of(this)).toString();
    }
}
