package io.vnfkit.examples.lab;

import java.io.PrintStream;
import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests of packages and classes without Maven, whose start alone takes minutes on an emulated machine, and says of
 * each at once how it ended. Arguments: a pattern of class names, then packages and classes. Exits with 0 if none failed
 * and at least one ran, with 1 otherwise.
 */
final class LabTests implements TestExecutionListener {

    private final PrintStream output;
    private int passed;
    private int failed;
    private int skipped;
    private long started;

    private LabTests(PrintStream output) {
        this.output = output;
    }

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(arguments).skip(1).map(LabTests::selector).toList())
                .filters(ClassNameFilter.includeClassNamePatterns(arguments[0]))
                .build();
        LabTests tests = new LabTests(System.out);
        LauncherFactory.create().execute(request, tests);
        tests.output.printf("%d passed, %d failed, %d skipped%n", tests.passed, tests.failed, tests.skipped);
        System.exit(tests.failed == 0 && tests.passed > 0 ? 0 : 1);
    }

    /** Names of classes begin with a capital letter. */
    private static DiscoverySelector selector(String name) {
        boolean isClass = Character.isUpperCase(name.charAt(name.lastIndexOf('.') + 1));
        return isClass ? DiscoverySelectors.selectClass(name) : DiscoverySelectors.selectPackage(name);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started = System.nanoTime();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped++;
        output.printf("SKIPPED %s: %s%n", name(test), reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> succeeded(test);
            case ABORTED -> executionSkipped(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
            case FAILED -> failed(test, result);
        }
    }

    private void succeeded(TestIdentifier test) {
        if (test.isTest()) {
            passed++;
            output.printf("PASSED  %s (%.1f s)%n", name(test), (System.nanoTime() - started) / 1e9);
        }
    }

    private void failed(TestIdentifier test, TestExecutionResult result) {
        failed++;
        output.printf("FAILED  %s%n", name(test));
        result.getThrowable().ifPresent(failure -> failure.printStackTrace(output));
    }

    private static String name(TestIdentifier test) {
        String type = test.getUniqueId().replaceAll(".*\\[class:([^]]*)].*", "$1").replaceAll(".*\\.", "");
        return type + "." + test.getLegacyReportingName();
    }
}
