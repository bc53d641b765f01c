package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves something behind: {@code @ExtendWith(LeakCheck.class)} on a class looks before and after
 * each of its tests. A class that wants to look at a moment of its own choice calls {@link #requireNothingLeft}.
 *
 * <p>It does not wait: what a close or a clean-up takes away is gone when the call returns, whatever the kernel would
 * rather do later. Only for descriptors it looks again: the JVM opens files of /proc and /sys/fs/cgroup for moments.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For JUnit. */
    public LeakCheck() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), LeakSnapshot.of(KernelFiles.host()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        requireNothingLeft(context.getStore(NAMESPACE).remove(context.getUniqueId(), LeakSnapshot.class));
    }

    /**
     * Compares this host with what it was.
     *
     * @param before how it was
     * @throws AssertionError if something is different
     */
    public static void requireNothingLeft(LeakSnapshot before) {
        requireNothingLeft(before, KernelFiles.host());
    }

    static void requireNothingLeft(LeakSnapshot before, KernelFiles files) {
        List<String> differences = before.differences(LeakSnapshot.of(files));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (mayBeTheJvms(differences) && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
            differences = before.differences(LeakSnapshot.of(files));
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("the test left the host different:\n  " + String.join("\n  ", differences));
        }
    }

    private static boolean mayBeTheJvms(List<String> differences) {
        return !differences.isEmpty()
                && differences.stream().allMatch(difference -> difference.startsWith("descriptor left: "));
    }
}
