package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread or process does, without sleeping, and fails when it does not come. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private Await() {}

    /**
     * Waits.
     *
     * @param what is waited for
     * @param condition asked again and again
     */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /**
     * Waits.
     *
     * @param what is waited for, and how far it is; asked when it does not come
     * @param condition asked again and again
     */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            Thread.yield();
        }
    }
}
