package io.vnfkit.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a run which tests were skipped and for want of what, on the standard output and in
 * {@code target/skipped-MODULE.txt}. JUnit finds it through the ServiceLoader wherever the test jar of core is on the
 * class path.
 *
 * <p>The file keeps the lines of test classes that did not take part in this run: unit tests and integration tests, or
 * single forks, complete each other.
 */
public final class SkippedTestsListener implements TestExecutionListener {

    private final Path moduleDirectory;
    private final PrintStream output;
    private final List<SkippedTest> skipped = new ArrayList<>();
    private TestPlan plan;

    /** For JUnit: reports on the module whose tests this JVM runs. */
    public SkippedTestsListener() {
        // Surefire and failsafe set basedir, an IDE starts in the module's directory.
        this(Path.of(System.getProperty("basedir", System.getProperty("user.dir"))), System.out);
    }

    SkippedTestsListener(Path moduleDirectory, PrintStream output) {
        this.moduleDirectory = moduleDirectory;
        this.output = output;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
        skipped.clear();
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        add(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            // An assumption that did not hold.
            add(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted without a reason"));
        }
    }

    private void add(TestIdentifier test, String reason) {
        Missing missing = Missing.parse(reason).orElse(new Missing("other reason", reason));
        // A class that is skipped stands for its tests; a parameterized test has none before it runs and counts as one.
        long tests = plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
        skipped.add(new SkippedTest(missing, name(test), Math.max(1, tests)));
    }

    private static String name(TestIdentifier test) {
        return test.getSource().map(source -> {
            if (source instanceof MethodSource method) {
                return method.getClassName() + "#" + method.getMethodName();
            }
            return source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
        }).orElse(test.getDisplayName());
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan testPlan) {
        if (!skipped.isEmpty()) {
            output.print(SkippedTest.table(skipped));
            output.flush();
        }
        Path target = moduleDirectory.resolve("target");
        if (Files.isDirectory(target)) {
            write(target.resolve("skipped-" + moduleDirectory.getFileName() + ".txt"), classes(testPlan));
        }
    }

    private static Set<String> classes(TestPlan plan) {
        return plan.getRoots().stream()
                .flatMap(root -> plan.getDescendants(root).stream())
                .flatMap(test -> test.getSource().stream())
                .flatMap(source -> source instanceof ClassSource type ? Stream.of(type.getClassName()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private void write(Path file, Set<String> classesOfThisRun) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            Stream<String> kept = lines.stream().filter(line -> !classesOfThisRun.contains(SkippedTest.classOf(line)));
            Files.write(file, Stream.concat(kept, skipped.stream().map(SkippedTest::line)).sorted().toList());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }
}
