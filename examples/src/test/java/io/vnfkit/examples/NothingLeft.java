package io.vnfkit.examples;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.LeakSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a mount, control group, interface, namespace or file with the name of one of its VNFs. It looks
 * for names because other VNFs come and go on the same machine.
 */
public final class NothingLeft implements AfterAllCallback {

    private static final List<String> NAMES = List.of("vnfkit-it-", "quickstart-");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** For JUnit. */
    public NothingLeft() {}

    @Override
    public void afterAll(ExtensionContext context) {
        requireNothingLeft();
    }

    private static void requireNothingLeft() {
        // Nothing of the kernel tells when it is done with a namespace.
        if (!await(() -> left().isEmpty())) {
            throw new AssertionError("left on the host:\n  " + String.join("\n  ", left()));
        }
    }

    private static List<String> left() {
        return LeakSnapshot.of(KernelFiles.host()).traces().values().stream()
                .flatMap(traces -> traces.stream().filter(trace -> NAMES.stream().anyMatch(trace::contains)))
                .toList();
    }

    /** Waits for something that the kernel does in its own time. */
    static boolean await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
