package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.LaunchException;
import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many VNFs at once and one after another: all succeed, and the JVM is afterwards what it was before. */
@Tag("root")
@RequiresRoot
@Timeout(240)
class ManyVnfsIT {

    private static final int VNFS = 50;
    private static final int THREADS = 16;
    private static final int ROUNDS = 50;
    private static final String WATCHER = "vnfkit-exit-watcher";

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    /** Knows nothing of the launches, like that of another JVM. */
    private final VnfLauncher elsewhere = VnfLauncher.on(Host.thisHost());

    @Test
    void fiftyVnfsAreLaunchedAndClosedFromSixteenThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<RunningVnf>> launches = new ArrayList<>();
            for (int i = 0; i < VNFS; i++) {
                Vnf vnf = vnfs.shell("read line; exit $line").cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0"))).build();
                launches.add(threads.submit(() -> vnfs.launch(vnf)));
            }
            List<RunningVnf> running = new ArrayList<>();
            for (Future<RunningVnf> launch : launches) {
                running.add(launch.get(120, TimeUnit.SECONDS));
            }
            assertThat(running).extracting(RunningVnf::pid).doesNotHaveDuplicates();
            assertThat(running).allMatch(vnf -> vnf.state() == RunningVnf.State.RUNNING);
            assertThat(VnfLauncher.onThisHost().names()).containsAll(running.stream().map(RunningVnf::name).toList());
            List<Future<Integer>> ends = new ArrayList<>();
            for (int i = 0; i < VNFS; i++) {
                RunningVnf vnf = running.get(i);
                byte[] code = (i + "\n").getBytes();
                ends.add(threads.submit(() -> {
                    vnf.standardInput().write(code);
                    int ended = exitCode(vnf);
                    vnf.close();
                    return ended;
                }));
            }
            for (int i = 0; i < VNFS; i++) {
                assertThat(ends.get(i).get(120, TimeUnit.SECONDS)).isEqualTo(i);
            }
        } finally {
            threads.shutdownNow();
        }
        awaitNoWatcher();
    }

    @Test
    void descriptorsAndThreadsAndMemoryAreGivenBack() throws Exception {
        // Classes are loaded, compiled and opened by the first rounds.
        rounds(10);
        awaitNoWatcher();
        long descriptors = descriptors();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long heap = usedHeap();
        rounds(ROUNDS);
        awaitNoWatcher();
        assertThat(descriptors()).isEqualTo(descriptors);
        // Futures complete in threads of the common pool, which stay a while.
        int pool = Runtime.getRuntime().availableProcessors() + 1;
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads + pool);
        assertThat(usedHeap() - heap).as("growth of the heap").isLessThan(2L << 20);
        assertThat(ProcessHandle.current().children()).as("no zombies").isEmpty();
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            try (RunningVnf vnf = VnfLauncher.onThisHost().launch(vnfs.shell("read line").build());
                    RunningCommand command = vnf.exec(StandardStreams.PIPES, "true")) {
                assertThat(exitCode(command)).isZero();
                assertThat(VnfLauncher.onThisHost().find(vnf.name())).containsSame(vnf);
                assertThat(elsewhere.find(vnf.name())).isPresent();
                assertThat(elsewhere.find(vnf.name())).isPresent();
            }
            try {
                VnfLauncher.onThisHost().launch(OwnVnfs.failing(vnfs.shell("true")).build());
                throw new AssertionError("the launch did not fail");
            } catch (LaunchException expected) {
                assertThat(expected.errno()).isPresent();
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void awaitNoWatcher() {
        assertThat(Polling.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(WATCHER)), Duration.ofSeconds(20)))
                .as("the thread that waits for VNFs ends with the last of them").isTrue();
    }
}
