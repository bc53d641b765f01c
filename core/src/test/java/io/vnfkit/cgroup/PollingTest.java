package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollingTest {

    @Test
    void conditionThatHoldsIsAskedOnce() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(Polling.until(() -> asked.incrementAndGet() > 0, Duration.ZERO)).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void conditionIsAskedUntilItHolds() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(Polling.until(() -> asked.incrementAndGet() == 4, Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void waitingEndsAfterTheLimit() {
        assertThat(Polling.until(() -> false, Duration.ofMillis(5))).isFalse();
    }

    @Test
    void interruptNeitherEndsTheWaitingNorGetsLost() {
        AtomicInteger asked = new AtomicInteger();
        Thread.currentThread().interrupt();

        assertThat(Polling.until(() -> asked.incrementAndGet() == 4, Duration.ofSeconds(10))).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }
}
