package io.vnfkit.sysfs;

import java.util.Locale;
import java.util.Optional;

/**
 * Simultaneous multithreading, as {@code /sys/devices/system/cpu/smt/control} shows it.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cputopology.html">How CPU topology info is exported via sysfs</a>
 */
public enum SmtState {
    /** Switched on. */
    ON,
    /** Switched off; siblings are offline. */
    OFF,
    /** Switched off for good, until the next boot. */
    FORCEOFF,
    /** The CPU has no siblings. */
    NOTSUPPORTED,
    /** The kernel cannot tell, or has no such file. */
    NOTIMPLEMENTED,
    /** Some number of threads per core that is neither one nor all, which only PowerPC knows. */
    PARTIAL;

    static SmtState of(Optional<String> control) {
        String name = control.orElse("notimplemented").strip().toUpperCase(Locale.ROOT);
        for (SmtState state : values()) {
            if (state.name().equals(name)) {
                return state;
            }
        }
        return PARTIAL;
    }
}
