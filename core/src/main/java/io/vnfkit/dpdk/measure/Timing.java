package io.vnfkit.dpdk.measure;

import java.time.Duration;

/**
 * The times of a measurement.
 *
 * @param warmUp how long frames are sent before the ones that count: caches, tables and queues settle
 * @param duration how long frames are sent that count
 * @param drain how long nothing must have arrived until the rest counts as lost
 */
public record Timing(Duration warmUp, Duration duration, Duration drain) {

    /** One second, ten seconds, and two seconds as in RFC 2544, section 23. RFC 2544 wants trials of 60 seconds. */
    public static final Timing DEFAULT =
            new Timing(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(2));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a time is negative, or the duration or drain is zero
     */
    public Timing {
        if (warmUp.isNegative() || duration.isNegative() || duration.isZero() || drain.isNegative() || drain.isZero()) {
            throw new IllegalArgumentException(
                    "a trial of " + duration + " after a warm-up of " + warmUp + " with a drain time of " + drain);
        }
    }
}
