package io.vnfkit.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * In strict mode makes a failure of an assumption that does not say what is missing. JUnit finds it through the
 * ServiceLoader wherever the test jar of core is on the class path and the system property
 * {@code junit.jupiter.extensions.autodetection.enabled} is set, as the parent pom does.
 */
public final class UnnamedSkip implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    /** For JUnit. */
    public UnnamedSkip() {}

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        check(failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        check(failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        check(failure);
    }

    private static void check(Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException aborted) {
            Strictness.ofThisRun().requireNamed(aborted);
        }
        throw failure;
    }
}
