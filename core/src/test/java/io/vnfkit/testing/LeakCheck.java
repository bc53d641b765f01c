package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves something behind: {@code @ExtendWith(LeakCheck.class)} on a class looks before and after
 * each of its tests. A class that wants to look at a moment of its own choice calls {@link #requireNothingLeft}.
 *
 * <p>The kernel finishes some things after the call returned (a network namespace is torn down by a worker, a control
 * group goes when its last dying process is gone), so a difference counts only if it is still there after a while.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

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
     * @throws AssertionError if something is different and stays so
     */
    public static void requireNothingLeft(LeakSnapshot before) {
        requireNothingLeft(before, KernelFiles.host(), PATIENCE);
    }

    static void requireNothingLeft(LeakSnapshot before, KernelFiles files, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> differences = before.differences(LeakSnapshot.of(files));
        while (!differences.isEmpty() && System.nanoTime() - deadline < 0) {
            // Nothing of the kernel tells when it is done with all of this.
            LockSupport.parkNanos(PAUSE.toNanos());
            differences = before.differences(LeakSnapshot.of(files));
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("the test left the host different:\n  " + String.join("\n  ", differences));
        }
    }
}
