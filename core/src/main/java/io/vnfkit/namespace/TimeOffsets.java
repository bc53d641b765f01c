package io.vnfkit.namespace;

import java.time.Duration;
import java.util.Objects;

/**
 * Offsets of a new time namespace, as in {@code /proc/PID/timens_offsets}.
 *
 * @param monotonic added to CLOCK_MONOTONIC
 * @param boottime added to CLOCK_BOOTTIME
 * @see <a href="https://man7.org/linux/man-pages/man7/time_namespaces.7.html">time_namespaces(7)</a>
 */
public record TimeOffsets(Duration monotonic, Duration boottime) {

    /** No offsets. */
    public static final TimeOffsets NONE = new TimeOffsets(Duration.ZERO, Duration.ZERO);

    /** Checks that no part is missing. */
    public TimeOffsets {
        Objects.requireNonNull(monotonic, "monotonic");
        Objects.requireNonNull(boottime, "boottime");
    }

    /**
     * The text for {@code timens_offsets}. Nanoseconds count upwards there, also below zero seconds.
     *
     * @return two lines
     */
    public String toFile() {
        return line("monotonic", monotonic) + line("boottime", boottime);
    }

    private static String line(String clock, Duration offset) {
        return clock + " " + offset.getSeconds() + " " + offset.getNano() + "\n";
    }
}
