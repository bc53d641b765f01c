package io.vnfkit.examples;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.LeakSnapshot;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a mount, control group, interface, namespace or file with the name of one of its VNFs. It looks
 * for names because other VNFs come and go on the same machine.
 */
public final class NothingLeft implements AfterAllCallback {

    private static final List<String> NAMES = List.of("vnfkit-it-", "quickstart-", "example-");

    /** For JUnit. */
    public NothingLeft() {}

    @Override
    public void afterAll(ExtensionContext context) {
        requireNothingLeft();
    }

    private static void requireNothingLeft() {
        List<String> left = left();
        if (!left.isEmpty()) {
            throw new AssertionError("left on the host:\n  " + String.join("\n  ", left));
        }
    }

    private static List<String> left() {
        return LeakSnapshot.of(KernelFiles.host()).traces().values().stream()
                .flatMap(traces -> traces.stream().filter(trace -> NAMES.stream().anyMatch(trace::contains)))
                .toList();
    }
}
