package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.cgroup.Polling;
import io.vnfkit.linux.Syscalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for many ends at once. The read end of a pipe stands in for a process: it becomes ready when the other end is closed. */
@Timeout(120)
class ExitWatcherTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 150;

    private final Syscalls syscalls = Syscalls.host();
    private final ExitWatcher watcher = new ExitWatcher(syscalls);

    @Test
    void completesWhenTheProcessHasEnded() throws Exception {
        Syscalls.Pipe process = syscalls.pipe();
        CompletableFuture<Integer> exited = watcher.watch(process.readEnd(), () -> 7);
        assertThat(exited).isNotDone();
        syscalls.close(process.writeEnd());
        assertThat(exited.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        awaitIdle();
    }

    @Test
    void processesThatComeLaterAreWaitedForWhileAnotherOneRuns() throws Exception {
        Syscalls.Pipe first = syscalls.pipe();
        CompletableFuture<Integer> running = watcher.watch(first.readEnd(), () -> 0);
        for (int i = 0; i < 20; i++) {
            Syscalls.Pipe later = syscalls.pipe();
            int code = i;
            CompletableFuture<Integer> exited = watcher.watch(later.readEnd(), () -> code);
            syscalls.close(later.writeEnd());
            assertThat(exited.get(10, TimeUnit.SECONDS)).isEqualTo(code);
        }
        assertThat(running).isNotDone();
        syscalls.close(first.writeEnd());
        assertThat(running.get(30, TimeUnit.SECONDS)).isZero();
        awaitIdle();
    }

    @Test
    void anExitCodeThatCannotBeReadFailsItsFutureOnly() throws Exception {
        Syscalls.Pipe one = syscalls.pipe();
        Syscalls.Pipe other = syscalls.pipe();
        CompletableFuture<Integer> failing = watcher.watch(one.readEnd(), () -> {
            throw new IllegalStateException("gone");
        });
        CompletableFuture<Integer> overflowing = watcher.watch(other.readEnd(), ExitWatcherTest::recurse);
        Syscalls.Pipe third = syscalls.pipe();
        CompletableFuture<Integer> fine = watcher.watch(third.readEnd(), () -> 3);
        syscalls.close(one.writeEnd());
        syscalls.close(other.writeEnd());
        assertThatThrownBy(() -> failing.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("gone");
        assertThatThrownBy(() -> overflowing.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(StackOverflowError.class);
        syscalls.close(third.writeEnd());
        assertThat(fine.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        awaitIdle();
    }

    private static int recurse() {
        return 1 + recurse();
    }

    @Test
    void nothingIsLostWhenManyComeAndGoAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                done.add(threads.submit(() -> comeAndGo(new SplittableRandom(seed))));
            }
            for (Future<Integer> each : done) {
                assertThat(each.get(90, TimeUnit.SECONDS)).isEqualTo(ROUNDS);
            }
        } finally {
            threads.shutdownNow();
        }
        awaitIdle();
    }

    /** Ends right away, a little later, or after others were added: the watcher becomes idle and busy again and again. */
    private int comeAndGo(SplittableRandom random) throws Exception {
        int completed = 0;
        while (completed < ROUNDS) {
            List<Syscalls.Pipe> processes = new ArrayList<>();
            List<CompletableFuture<Integer>> exits = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0 && completed + processes.size() < ROUNDS; i--) {
                Syscalls.Pipe process = syscalls.pipe();
                int code = random.nextInt(256);
                if (random.nextBoolean()) {
                    exits.add(watcher.watch(process.readEnd(), () -> code).thenApply(exit -> exit - code));
                    processes.add(process);
                } else {
                    syscalls.close(process.writeEnd());
                    exits.add(watcher.watch(process.readEnd(), () -> code).thenApply(exit -> exit - code));
                }
            }
            processes.forEach(process -> syscalls.close(process.writeEnd()));
            for (CompletableFuture<Integer> exit : exits) {
                assertThat(exit.get(60, TimeUnit.SECONDS)).isZero();
            }
            completed += exits.size();
        }
        return ROUNDS;
    }

    private static void awaitIdle() {
        assertThat(Polling.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("vnfkit-exit-watcher")), Duration.ofSeconds(20)))
                .as("its thread ends when there is nothing to wait for").isTrue();
    }
}
