package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs small test classes in a launcher of their own. */
@Isolated("sets system properties")
class SkippedTestsListenerTest {

    /** Lacks a command as a whole. */
    @RequiresCommand(value = "vnfkit-no-such-command", debianPackage = "nowhere")
    static class WholeClass {
        @Test
        void first() {
            throw new AssertionError("must not run");
        }

        @Test
        void second() {
            throw new AssertionError("must not run");
        }
    }

    /** Lacks things test by test. */
    static class SingleTests extends Lacking {
        @Test
        void runs() {
            assertThat(1).isOne();
        }

        @Test
        void assumes() {
            assumeTrue(false, "the moon is full");
        }
    }

    /** Lacks things that have names. */
    static class Lacking {
        @Test
        @RequiresLibrary(value = "libnone.so.1", debianPackage = "libnone1")
        void lacksLibrary() {
            throw new AssertionError("must not run");
        }

        @Test
        @RequiresCommand("sh")
        @RequiresCommand(value = "vnfkit-no-such-command", debianPackage = "nowhere")
        void lacksSecondOfTwo() {
            throw new AssertionError("must not run");
        }
    }

    static class Assuming {
        @Test
        void assumes() {
            assumeTrue(false, "the moon is full");
        }
    }

    static class AssumingBeforeEach {
        @BeforeEach
        void assume() {
            assumeTrue(false, "the moon is full");
        }

        @Test
        void runs() {
            throw new AssertionError("must not run");
        }
    }

    static class AssumingBeforeAll {
        @BeforeAll
        static void assume() {
            assumeTrue(false, "the moon is full");
        }

        @Test
        void runs() {
            throw new AssertionError("must not run");
        }
    }

    /** Finds out while it runs what is missing. */
    static class Needing {
        @Test
        void needs() {
            Needs.thing(false, "full moon", "wait");
            throw new AssertionError("must not run");
        }
    }

    @TempDir
    private Path module;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private String strict;
    private String allowed;

    @BeforeEach
    void keepProperties() throws IOException {
        strict = System.getProperty(Strictness.STRICT, "");
        allowed = System.getProperty(Strictness.ALLOWED, "");
        System.clearProperty(Strictness.STRICT);
        System.clearProperty(Strictness.ALLOWED);
        Files.createDirectory(module.resolve("target"));
    }

    @AfterEach
    void restoreProperties() {
        restore(Strictness.STRICT, strict);
        restore(Strictness.ALLOWED, allowed);
    }

    private static void restore(String name, String value) {
        if (value.isEmpty()) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    @Test
    void theTableNamesEachMissingThingWithItsTests() {
        TestExecutionSummary summary = run(WholeClass.class, SingleTests.class);

        assertThat(summary.getTestsFailedCount()).isZero();
        assertThat(summary.getTestsSucceededCount()).isOne();
        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("""
                Skipped: 5
                  missing: command vnfkit-no-such-command (apt-get install nowhere)
                    SkippedTestsListenerTest$SingleTests.lacksSecondOfTwo
                    SkippedTestsListenerTest$WholeClass (2 tests)
                  missing: library libnone.so.1 (apt-get install libnone1)
                    SkippedTestsListenerTest$SingleTests.lacksLibrary
                  missing: other reason (Assumption failed: the moon is full)
                    SkippedTestsListenerTest$SingleTests.assumes
                """);
    }

    @Test
    void theFileHasALineForEachSkip() {
        run(WholeClass.class);

        assertThat(file())
                .hasContent("command vnfkit-no-such-command\tapt-get install nowhere\t" + WholeClass.class.getName());
    }

    @Test
    void theFileKeepsWhatOtherRunsSkippedAndForgetsWhatThisOneRan() throws IOException {
        String other = "root\tsudo\tio.vnfkit.OtherIT";
        Files.writeString(file(), other + "\nroot\tsudo\t" + SingleTests.class.getName() + "#runs\n");

        run(SingleTests.class);

        assertThat(file()).content().contains(other).doesNotContain("#runs").contains("#lacksLibrary");
    }

    @Test
    void aModuleThatWasNotBuiltGetsNoFile() throws IOException {
        Files.delete(module.resolve("target"));

        run(WholeClass.class);

        assertThat(module).isEmptyDirectory();
    }

    @Test
    void strictModeTurnsASkipIntoAFailureThatNamesIt() {
        System.setProperty(Strictness.STRICT, "true");

        TestExecutionSummary summary = run(WholeClass.class, SingleTests.class);

        // The class fails as one container, the tests each for itself.
        assertThat(summary.getFailures()).hasSize(4).extracting(failure -> forbidden(failure.getException()))
                .filteredOn(message -> message.contains("missing: ") && message.contains("it.allowedSkips")).hasSize(3);
    }

    @Test
    void strictModeTurnsAnAssumptionIntoAFailureForItNamesNothing() {
        System.setProperty(Strictness.STRICT, "true");

        TestExecutionSummary summary = run(Assuming.class, AssumingBeforeEach.class, AssumingBeforeAll.class);

        assertThat(summary.getFailures()).hasSize(3).allSatisfy(failure ->
                assertThat(forbidden(failure.getException())).contains("does not name", "the moon is full"));
    }

    @Test
    void strictModeFailsAtANeedUnlessItIsOnTheList() {
        System.setProperty(Strictness.STRICT, "true");
        assertThat(run(Needing.class).getFailures()).singleElement().satisfies(failure ->
                assertThat(forbidden(failure.getException())).contains("missing: full moon (wait)"));

        System.setProperty(Strictness.ALLOWED, "full moon");
        assertThat(run(Needing.class).getTotalFailureCount()).isZero();
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("  missing: full moon (wait)\n");
    }

    private static String forbidden(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof Strictness.ForbiddenSkipException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("%s", failure).isNotNull();
        return cause.getMessage();
    }

    @Test
    void strictModeAllowsTheThingsOnTheList() {
        System.setProperty(Strictness.STRICT, "true");
        System.setProperty(Strictness.ALLOWED, "IOMMU, command vnfkit-no-such-command,library libnone.so.1");

        TestExecutionSummary summary = run(WholeClass.class, Lacking.class);

        assertThat(summary.getTotalFailureCount()).isZero();
        assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("Skipped: 4\n");
    }

    @Test
    void theListenerIsFoundByItsServiceFile() {
        assertThat(ServiceLoader.load(TestExecutionListener.class))
                .hasAtLeastOneElementOfType(SkippedTestsListener.class);
    }

    private Path file() {
        return module.resolve("target/skipped-" + module.getFileName() + ".txt");
    }

    private TestExecutionSummary run(Class<?>... classes) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true");
        for (Class<?> type : classes) {
            request.selectors(selectClass(type));
        }
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        // Without the listeners of the class path: this one would write into the real target directory.
        LauncherFactory.create(LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
                .execute(request.build(), summary,
                        new SkippedTestsListener(module, new PrintStream(output, true, StandardCharsets.UTF_8)));
        return summary.getSummary();
    }
}
