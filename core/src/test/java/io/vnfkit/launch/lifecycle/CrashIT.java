package io.vnfkit.launch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.OnJvmExit;
import io.vnfkit.RunningVnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.testing.RequiresRoot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A JVM that is killed at any step of a launch or a close leaves nothing that one clean-up does not take away. */
@Tag("root")
@RequiresRoot
@Timeout(300)
class CrashIT {

    private static final int KILLED = 128 + 9;

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    private static int number;

    @Test
    void nothingIsLeftAfterACrashAtAnyStepOfAVnfThatDiesWithItsJvm() throws Exception {
        crashAt(OnJvmExit.KILL, numbersOfDistinctCalls(OnJvmExit.KILL, 0));
    }

    @Test
    void aVnfThatStaysIsFoundOrGoneAfterACrashAtAnyStep() throws Exception {
        List<String> calls = callsOf(OnJvmExit.LEAVE_RUNNING);
        // Up to the init's start the launch is the same as that of any VNF.
        crashAt(OnJvmExit.LEAVE_RUNNING, numbers(calls, indexOf(calls, "spawn"), calls.size()));
    }

    private static int indexOf(List<String> calls, String prefix) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).startsWith(prefix)) {
                return i;
            }
        }
        throw new AssertionError("no " + prefix + " in " + calls);
    }

    private List<Integer> numbersOfDistinctCalls(OnJvmExit policy, int first) {
        List<String> calls = callsOf(policy);
        return numbers(calls, first, calls.size());
    }

    /** What a launch and a close without a crash do. */
    private List<String> callsOf(OnJvmExit policy) {
        try (ChildJvm jvm = crashing(vnfs.name(), interfaceName(), policy, 0)) {
            List<String> calls = jvm.lines();
            assertThat(jvm.exitCode()).isZero();
            return calls;
        }
    }

    /** The numbers of the calls in a range; of several equal ones in a row only the first. */
    private static List<Integer> numbers(List<String> calls, int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        int call = 0;
        String last = "";
        for (int i = 0; i < to; i++) {
            String line = calls.get(i);
            boolean isCall = !line.startsWith("launched") && !line.equals("closed");
            call += isCall ? 1 : 0;
            if (isCall && i >= from && !line.equals(last)) {
                numbers.add(call);
            }
            last = line;
        }
        return numbers;
    }

    private void crashAt(OnJvmExit policy, List<Integer> numbers) throws Exception {
        assertThat(numbers).isNotEmpty();
        ExecutorService crashes = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int each : numbers) {
                String name = vnfs.name();
                String networkInterface = interfaceName();
                done.add(crashes.submit(() -> crash(name, networkInterface, policy, each)));
            }
            for (Future<?> each : done) {
                each.get(200, TimeUnit.SECONDS);
            }
            // What the last of them left of the others, with nobody else at work any more.
            VnfLauncher.onThisHost().cleanUp();
        } finally {
            crashes.shutdownNow();
        }
    }

    private static void crash(String name, String networkInterface, OnJvmExit policy, int fatal) {
        try (ChildJvm jvm = crashing(name, networkInterface, policy, fatal)) {
            List<String> calls = jvm.lines();
            String step = "crash before call " + fatal + ", after " + calls.stream().reduce((one, next) -> next).orElse("none");
            // A run may need fewer calls than the one that was counted, for instance when a lock is free at once.
            assertThat(jvm.exitCode()).as(step).isEqualTo(calls.contains("closed") ? 0 : KILLED);
            cleanUp(name, policy);
            try {
                requireNothingLeft(name, networkInterface);
            } catch (AssertionError left) {
                throw new AssertionError(step, left);
            }
        }
    }

    /**
     * Each of the JVMs that crash takes away what the others have left, and may crash while it does: what it had locked
     * at one clean-up is there for the next. And it locks names that have just gone, for which it makes their directory
     * anew for a moment; so a moment with nothing is what counts.
     */
    private static void requireNothingLeft(String name, String networkInterface) {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        boolean nothing = Polling.until(() -> {
            launcher.cleanUp();
            return Traces.of(name).isEmpty() && Traces.of(networkInterface).isEmpty();
        }, Duration.ofSeconds(10));
        if (!nothing) {
            Traces.requireNone(name);
            Traces.requireNone(networkInterface);
        }
    }

    private static void cleanUp(String name, OnJvmExit policy) {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        if (policy == OnJvmExit.KILL) {
            launcher.cleanUp();
            assertThat(launcher.find(name)).isEmpty();
            return;
        }
        // Launched, it runs on; while it is being closed, it may just be ending.
        Optional<RunningVnf> found = launcher.find(name);
        found.ifPresent(RunningVnf::close);
        if (found.isEmpty()) {
            Polling.until(() -> !launcher.names().contains(name), Duration.ofSeconds(1));
            launcher.cleanUp();
        }
    }

    private static synchronized String interfaceName() {
        return "lf" + ProcessHandle.current().pid() % 1_000_000 + "i" + number++ + "e";
    }

    private static ChildJvm crashing(String name, String networkInterface, OnJvmExit policy, int fatal) {
        return ChildJvm.start(CrashingJvm.class, name, networkInterface, policy.name(), Integer.toString(fatal));
    }
}
