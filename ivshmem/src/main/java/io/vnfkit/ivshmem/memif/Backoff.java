package io.vnfkit.ivshmem.memif;

import java.time.Duration;

/** How long a client waits before it connects again. Implementations have no side effects. */
@FunctionalInterface
public interface Backoff {

    /**
     * The time until the next attempt.
     *
     * @param failures how many attempts have failed since the link was up, from 1; 0 right after a link ended
     * @return 0 or more
     */
    Duration delay(int failures);

    /**
     * The same time before each attempt.
     *
     * @param delay how long
     * @return the back-off
     */
    static Backoff every(Duration delay) {
        return failures -> delay;
    }

    /**
     * A time that doubles with each failure.
     *
     * @param first after a link ended and after the first failure
     * @param longest the most it becomes
     * @return the back-off
     */
    static Backoff doubling(Duration first, Duration longest) {
        return failures -> {
            Duration delay = first;
            for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
                delay = delay.multipliedBy(2);
            }
            return delay.compareTo(longest) < 0 ? delay : longest;
        };
    }
}
