package io.vnfkit.dpdk.measure;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * What a trial counted.
 *
 * @param intendedRate frames per second that were asked for
 * @param sent frames that were offered
 * @param received frames of these that came back, not more
 * @param duration how long frames were offered
 */
public record TrialResult(long intendedRate, long sent, long received, Duration duration) {

    /** A generator that stays further behind than this could not do what it was asked for. */
    private static final double SHORTFALL = 0.01;

    /**
     * Checks the counters.
     *
     * @throws IllegalArgumentException if one is negative or more was received than sent, or it took no time
     */
    public TrialResult {
        Objects.requireNonNull(duration, "duration");
        if (received < 0 || received > sent) {
            throw new IllegalArgumentException(received + " frames received of " + sent + " sent");
        }
        if (intendedRate < 1 || duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("a trial at " + intendedRate + " frames per second for " + duration);
        }
    }

    /**
     * Frames that did not come back.
     *
     * @return their number
     */
    public long lost() {
        return sent - received;
    }

    /**
     * The share of frames that did not come back.
     *
     * @return 0 to 1; 1 if none was sent
     */
    public double lossRatio() {
        return sent == 0 ? 1 : (double) lost() / sent;
    }

    /**
     * The rate at which frames were offered in fact.
     *
     * @return frames per second
     */
    public double offeredRate() {
        return sent * 1e9 / duration.toNanos();
    }

    /**
     * Tells whether the generator could not keep up with the intended rate.
     *
     * @return true if it offered less than 99 % of it
     */
    public boolean isGeneratorShort() {
        // One frame more or less is no shortfall at rates of a few frames.
        return offeredRate() < intendedRate * (1 - SHORTFALL) && sent + 1 < intendedRate * duration.toNanos() / 1e9;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "%,d frames/s for %d ms: offered %,.0f frames/s, sent %,d, lost %,d (%.4f %%)%s",
                intendedRate, duration.toMillis(), offeredRate(), sent, lost(), lossRatio() * 100,
                isGeneratorShort() ? ", generator too slow" : "");
    }
}
