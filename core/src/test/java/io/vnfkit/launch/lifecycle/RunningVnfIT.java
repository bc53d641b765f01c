package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static io.vnfkit.launch.lifecycle.OwnVnfs.firstLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vnfkit.RunningVnf;
import io.vnfkit.RunningVnf.State;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.testing.RequiresRoot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A VNF from its launch to its end: process id, state, exit code, signals, stop, kill, close. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class RunningVnfIT {

    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @Test
    void theProcessIdIsThatOfTheCommand() throws Exception {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exec sleep 60"))) {
            assertThat(Files.readString(Path.of("/proc/" + vnf.pid() + "/comm")).strip()).isIn("sh", "sleep");
            assertThat(vnf.name()).startsWith("life");
            assertThat(vnf.toString()).contains(vnf.name()).contains(Long.toString(vnf.pid()));
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "exit 255, 255", "kill -TERM $$, 143", "kill -KILL $$, 137", "kill -SEGV $$, 139"})
    void theExitCodeIsThatOfAShell(String script, int code) {
        // Without a pid namespace: the first process of one ignores signals that it has no handler for.
        try (RunningVnf vnf = vnfs.launch(vnfs.sharingPids(script))) {
            assertThat(exitCode(vnf)).isEqualTo(code);
            assertThat(vnf.exitCode()).hasValue(code);
            assertThat(vnf.state()).isEqualTo(State.EXITED);
        }
    }

    @Test
    void thereIsNoExitCodeWhileItRuns() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo up; read line; exit 3"))) {
            assertThat(firstLine(vnf)).isEqualTo("up");
            assertThat(vnf.exitCode()).isEmpty();
            assertThat(vnf.state()).isEqualTo(State.RUNNING);
            assertThat(vnf.onExit()).isNotDone();
        }
    }

    @Test
    void eachCallerHasAFutureOfItsOwn() throws Exception {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("read line; exit 3"))) {
            CompletableFuture<Integer> cancelled = vnf.onExit();
            CompletableFuture<Integer> completed = vnf.onExit();
            CompletableFuture<Integer> third = vnf.onExit();
            cancelled.cancel(true);
            completed.complete(99);
            vnf.standardInput().close();

            assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(vnf.exitCode()).hasValue(3);
            assertThat(vnf.onExit()).isCompletedWithValue(3);
        }
    }

    @Test
    void aCallbackThatWaitsForTheVnfHoldsNobodyUp() throws Exception {
        try (RunningVnf first = vnfs.launch(vnfs.shell("read line; exit 1"));
                RunningVnf second = vnfs.launch(vnfs.shell("read line; exit 2"))) {
            CompletableFuture<Integer> both = first.onExit().thenApply(code -> code + exitCode(second));
            first.standardInput().close();
            assertThat(exitCode(first)).isEqualTo(1);
            second.standardInput().close();
            assertThat(both.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void aSignalReachesTheCommand() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("trap 'echo got; exit 5' USR1; echo ready; while :; do read line; done"))) {
            BufferedReader lines = OwnVnfs.lines(vnf);
            assertThat(line(lines)).isEqualTo("ready");
            vnf.signal(Signal.USR1);
            assertThat(line(lines)).isEqualTo("got");
            assertThat(exitCode(vnf)).isEqualTo(5);
            vnf.signal(Signal.TERM);
            assertThat(vnf.exitCode()).hasValue(5);
        }
    }

    @Test
    void stopLetsACommandEndByItself() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("trap 'exit 9' TERM; echo ready; while :; do read line; done"))) {
            assertThat(firstLine(vnf)).isEqualTo("ready");
            assertThat(vnf.stop(LONG)).isEqualTo(9);
            assertThat(vnf.stop(LONG)).isEqualTo(9);
            assertThat(vnf.kill()).isEqualTo(9);
        }
    }

    @Test
    void stopKillsACommandThatIgnoresItAfterTheGrace() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("trap '' TERM; echo ready; while :; do sleep 60; done"))) {
            assertThat(firstLine(vnf)).isEqualTo("ready");
            long start = System.nanoTime();
            assertThat(vnf.stop(Duration.ofMillis(300))).isEqualTo(137);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void stopAlsoEndsWhatTheCommandLeavesBehind() throws Exception {
        String script = "setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 300' & trap 'exit 0' TERM; while :; do read line; done";
        try (RunningVnf vnf = vnfs.launch(vnfs.sharingPids(script))) {
            ProcessHandle left = ProcessHandle.of(Long.parseLong(firstLine(vnf))).orElseThrow();
            assertThat(vnf.stop(LONG)).isZero();
            left.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void stopWakesAPausedVnf() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("trap 'exit 9' TERM; echo ready; while :; do read line; done"))) {
            assertThat(firstLine(vnf)).isEqualTo("ready");
            vnf.pause();
            assertThat(vnf.stop(LONG)).isEqualTo(9);
        }
    }

    @Test
    void killEndsAWholeTreeOfProcesses() throws Exception {
        String script = "for i in 1 2 3; do setsid sh -c 'trap \"\" TERM HUP; (setsid sleep 300) & echo $! $$; wait' & done; wait";
        try (RunningVnf vnf = vnfs.launch(vnfs.sharingPids(script))) {
            BufferedReader lines = OwnVnfs.lines(vnf);
            List<ProcessHandle> tree = IntStream.range(0, 3).mapToObj(i -> line(lines))
                    .flatMap(pids -> Arrays.stream(pids.split(" ")))
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow()).toList();
            assertThat(tree).hasSize(6).allMatch(ProcessHandle::isAlive);
            assertThat(vnf.kill()).isEqualTo(137);
            for (ProcessHandle process : tree) {
                process.onExit().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void closeEndsARunningVnfAndCanBeCalledAgain() {
        RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"));
        vnf.close();
        assertThat(vnf.exitCode()).hasValue(137);
        assertThat(Traces.of(vnf.name())).isEmpty();
        vnf.close();
        assertThat(vnf.state()).isEqualTo(State.EXITED);
        assertThat(vnf.stop(LONG)).isEqualTo(137);
        assertThat(vnf.kill()).isEqualTo(137);
        vnf.signal(Signal.TERM);
        assertThatIllegalStateException().isThrownBy(vnf::pause).withMessageContaining("has ended and was closed");
        assertThatIllegalStateException().isThrownBy(vnf::statistics);
        assertThatIllegalStateException().isThrownBy(() -> vnf.update(limits -> limits.exclusive(false)));
        assertThatIllegalStateException().isThrownBy(() -> vnf.exec(StandardStreams.DISCARD, "true"));
    }

    @Test
    void everyThreadThatClosesReturnsWhenNothingIsLeft() throws Exception {
        RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<String>>> left = IntStream.range(0, 8).mapToObj(i -> threads.submit(() -> {
                vnf.close();
                return Traces.of(vnf.name());
            })).toList();
            for (Future<List<String>> each : left) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadLaunchesAndStopsAndClosesLikeAnyOther() {
        Vnf vnf = vnfs.shell("trap '' TERM; echo ready; while :; do sleep 60; done").build();
        Thread.currentThread().interrupt();
        try {
            RunningVnf running = vnfs.launch(vnf);
            assertThat(firstLine(running)).isEqualTo("ready");
            assertThat(running.state()).isEqualTo(State.RUNNING);
            running.update(limits -> limits.memoryMigrate(false));
            assertThat(running.stop(LONG)).as("it does not wait for the grace").isEqualTo(137);
            running.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aPausedVnfCanBeClosed() {
        RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"));
        vnf.pause();
        assertThat(vnf.state()).isEqualTo(State.PAUSED);
        vnf.close();
        assertThat(vnf.exitCode()).hasValue(137);
    }

    @Test
    void aVnfThatHasEndedKeepsItsExitCodeWhenClosed() {
        RunningVnf vnf = vnfs.launch(vnfs.shell("exit 4"));
        assertThat(exitCode(vnf)).isEqualTo(4);
        vnf.close();
        assertThat(vnf.exitCode()).hasValue(4);
    }

    @Test
    void pausedProcessesStandStill() throws Exception {
        Path counter = Files.createTempFile("vnfkit-life", "counter");
        try (RunningVnf vnf = vnfs.launch(vnfs.sharingPids(
                "i=0; echo up; while :; do i=$((i+1)); echo $i > " + counter + "; done")
                .root(RootFilesystem.inherited()))) {
            assertThat(firstLine(vnf)).isEqualTo("up");
            vnf.pause();
            String before = Files.readString(counter);
            long ticks = vnf.statistics().cpu().orElseThrow().total().toNanos();
            assertThat(vnf.statistics().frozen()).isTrue();
            // Time in which a running loop would have counted on.
            burn(Duration.ofMillis(200));
            assertThat(Files.readString(counter)).isEqualTo(before);
            assertThat(vnf.statistics().cpu().orElseThrow().total().toNanos()).isEqualTo(ticks);
            vnf.resume();
            assertThat(vnf.state()).isEqualTo(State.RUNNING);
            await(() -> !read(counter).equals(before));
        } finally {
            Files.delete(counter);
        }
    }

    private static void burn(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofSeconds(30))).isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String line(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
