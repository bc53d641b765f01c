package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.allOutput;
import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vnfkit.OnJvmExit;
import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.RunningVnf.State;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a VNF when the JVM that launched it, or its supervisor, is killed. */
@Tag("root")
@RequiresRoot
@Timeout(180)
class JvmDeathIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    private final VnfLauncher launcher = VnfLauncher.onThisHost();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVnfIsKilledWithItsJvmAndCleanedUp(boolean ownPids) {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.KILL, ownPids, "trap '' TERM HUP INT; while :; do sleep 300; done")) {
            long pid = launchedPid(jvm);
            jvm.kill();
            awaitEnd(pid);
        }
        launcher.cleanUp();
        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void aPausedVnfIsKilledWithItsJvm() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            long pid = launchedPid(jvm);
            RunningVnf found = launcher.find(name).orElseThrow();
            found.pause();
            jvm.kill();
            awaitEnd(pid);
            assertThat(exitCode(found)).isEqualTo(137);
        }
        launcher.cleanUp();
    }

    @Test
    @RequiresCgroup(version = 1, controller = "freezer")
    @RequiresCommand(value = "unshare", debianPackage = "util-linux")
    void aVnfThatVersionOneHasFrozenIsKilledWithItsJvm() throws IOException {
        String name = vnfs.name();
        try (ChildJvm jvm = ChildJvm.startBy(withoutVersionTwo(), ChildJvm.classPath(), LaunchingJvm.class, name,
                OnJvmExit.KILL.name(), "true", "while :; do sleep 300; done")) {
            long pid = launchedPid(jvm);
            jvm.say("pause");
            assertThat(jvm.line()).isEqualTo("done pause");
            Path group = Traces.controlGroups(name).stream().filter(each -> each.startsWith(freezer())).findFirst()
                    .orElseThrow();
            assertThat(group.resolve("freezer.state")).hasContent("FROZEN");
            jvm.kill();
            awaitEnd(pid);
        }
        launcher.cleanUp();
        assertThat(Traces.of(name)).isEmpty();
    }

    private static Path freezer() {
        return Traces.hierarchies().stream().filter(each -> each.controllers().contains("freezer")).findFirst()
                .orElseThrow().mountPoint();
    }

    /** A mount namespace as on a host that has version 1 alone. The process stays the one that was started. */
    private static List<String> withoutVersionTwo() {
        return List.of("unshare", "--mount", "sh", "-c",
                "for at in $(awk '$3 == \"cgroup2\" { print $2 }' /proc/mounts); do umount $at || exit; done; exec \"$@\"",
                "sh");
    }

    @Test
    void aVnfIsKilledWhenItsJvmExitsWithoutClosingIt() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            long pid = launchedPid(jvm);
            jvm.say("exit");
            assertThat(jvm.exitCode()).isZero();
            awaitEnd(pid);
        }
        launcher.cleanUp();
    }

    @Test
    void theFirstLaunchOfAnotherJvmCleansUp() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            launchedPid(jvm);
            jvm.kill();
        }
        // Without waiting for the supervisor: the next start waits itself.
        try (ChildJvm next = launching(vnfs.name(), OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            launchedPid(next);
            assertThat(Traces.of(name)).isEmpty();
            next.say("close");
            assertThat(next.line()).isEqualTo("done close");
        }
    }

    @Test
    void theNameOfAKilledJvmCanBeLaunchedAtOnce() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            launchedPid(jvm);
            jvm.kill();
        }
        try (ChildJvm next = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
            launchedPid(next);
            next.say("close");
            assertThat(next.line()).isEqualTo("done close");
        }
    }

    @Test
    void aVnfLeftRunningIsFoundWithFullControl() {
        String name = vnfs.name();
        long pid;
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, true, "trap 'exit 9' TERM; while :; do sleep 0.05; done")) {
            pid = launchedPid(jvm);
            jvm.kill();
        }
        launcher.cleanUp();
        try (RunningVnf vnf = launcher.find(name).orElseThrow()) {
            assertThat(vnf.pid()).isEqualTo(pid);
            assertThat(vnf.name()).isEqualTo(name);
            assertThat(vnf.state()).isEqualTo(State.RUNNING);
            assertThat(vnf.exitCode()).isEmpty();
            assertThat(launcher.names()).contains(name);
            assertThat(vnf.limits().cpus()).isEqualTo(CpuSet.parse("0"));
            assertThatIllegalStateException().isThrownBy(vnf::standardOutput);

            try (RunningCommand command = vnf.exec(StandardStreams.PIPES, "sh", "-c", "echo inside $PPID; exit 3")) {
                assertThat(allOutput(command)).isEqualTo("inside 0\n");
                assertThat(exitCode(command)).isEqualTo(3);
            }
            vnf.pause();
            assertThat(vnf.state()).isEqualTo(State.PAUSED);
            vnf.resume();
            vnf.update(limits -> limits.cpus(CpuSet.parse("0-1")));
            assertThat(cpusOf(pid)).isEqualTo("0-1");
            assertThat(launcher.find(name).orElseThrow().limits().cpus()).isEqualTo(CpuSet.parse("0-1"));
            assertThat(vnf.statistics().processes()).isPositive();

            assertThat(vnf.stop(Duration.ofMinutes(1))).isEqualTo(9);
            assertThat(vnf.state()).isEqualTo(State.EXITED);
            assertThat(vnf.exitCode()).hasValue(9);
        }
        assertThat(launcher.find(name)).isEmpty();
        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void aVnfLeftRunningThatEndsByItselfIsCleanedUp() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, true, "while :; do sleep 0.05; done")) {
            long pid = launchedPid(jvm);
            jvm.kill();
            launcher.find(name).orElseThrow().signal(Signal.KILL);
            awaitEnd(pid);
        }
        Polling.until(() -> launcher.find(name).isEmpty(), Duration.ofSeconds(20));
        launcher.cleanUp();
        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void whoeverClosesAVnfLeftRunningFirstTakesItDown() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, true, "while :; do sleep 300; done")) {
            launchedPid(jvm);
            RunningVnf found = launcher.find(name).orElseThrow();
            RunningVnf again = launcher.find(name).orElseThrow();
            found.close();
            assertThat(Traces.of(name)).isEmpty();
            assertThat(exitCode(again)).isEqualTo(137);
            again.close();
            jvm.say("close");
            assertThat(jvm.line()).isEqualTo("done close");
        }
    }

    @Test
    void aHandleOfAnEndedVnfDoesNotTouchALaterOneOfItsName() {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, true, "while :; do sleep 300; done")) {
            launchedPid(jvm);
            RunningVnf old = launcher.find(name).orElseThrow();
            jvm.say("close");
            assertThat(jvm.line()).isEqualTo("done close");
            try (ChildJvm later = launching(name, OnJvmExit.KILL, true, "while :; do sleep 300; done")) {
                long pid = launchedPid(later);
                assertThat(old.kill()).isEqualTo(137);
                assertThat(old.stop(Duration.ZERO)).isEqualTo(137);
                assertThatIllegalStateException().isThrownBy(old::pause);
                old.close();
                assertThat(ProcessHandle.of(pid)).isPresent();
                assertThat(launcher.find(name).orElseThrow().state()).isEqualTo(State.RUNNING);
                later.say("close");
                assertThat(later.line()).isEqualTo("done close");
            }
        }
    }

    @Test
    void theExitCodeOfAVnfThatWasFoundIsWhatTheSupervisorWroteDown() throws Exception {
        String name = vnfs.name();
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, true,
                "while [ ! -e /tmp/end ]; do sleep 0.02; done; exit 21")) {
            launchedPid(jvm);
            try (RunningVnf found = launcher.find(name).orElseThrow();
                    RunningCommand touch = found.exec(StandardStreams.DISCARD, "touch", "/tmp/end")) {
                assertThat(exitCode(touch)).isZero();
                assertThat(exitCode(found)).isEqualTo(21);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVnfDiesWithItsSupervisor(boolean ownPids) throws Exception {
        String name = vnfs.name();
        String left = "setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 300; done' & while :; do sleep 300; done";
        try (ChildJvm jvm = launching(name, OnJvmExit.LEAVE_RUNNING, ownPids, left)) {
            long pid = launchedPid(jvm);
            RunningVnf found = launcher.find(name).orElseThrow();
            Polling.until(() -> found.statistics().processes() >= 3, Duration.ofSeconds(20));
            List<Long> processes = Files.readAllLines(unified(name).resolve("cgroup.procs")).stream().map(Long::valueOf).toList();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
            kill(parentOf(pid));
            awaitEnd(pid);
            assertThat(exitCode(found)).isEqualTo(137);
            jvm.kill();
            launcher.cleanUp();
            processes.forEach(JvmDeathIT::awaitEnd);
            assertThat(Traces.of(name)).isEmpty();
        }
    }

    @Test
    void theLaunchingJvmClosesAVnfWhoseSupervisorWasKilled() throws Exception {
        RunningVnf vnf = vnfs.launch(vnfs.sharingPids("setsid sleep 300 & echo $!; while :; do sleep 300; done"));
        long left = Long.parseLong(OwnVnfs.firstLine(vnf));
        kill(parentOf(vnf.pid()));
        assertThat(exitCode(vnf)).isEqualTo(137);
        vnf.close();
        awaitEnd(left);
        assertThat(Traces.of(vnf.name())).isEmpty();
    }

    private static ChildJvm launching(String name, OnJvmExit policy, boolean ownPids, String script) {
        return ChildJvm.start(LaunchingJvm.class, name, policy.name(), Boolean.toString(ownPids), script);
    }

    private static long launchedPid(ChildJvm jvm) {
        String line = jvm.line();
        assertThat(line).startsWith("launched ");
        return Long.parseLong(line.substring("launched ".length()));
    }

    private static Path unified(String name) {
        return Traces.controlGroups(name).stream().filter(group -> Files.exists(group.resolve("cgroup.freeze")))
                .findFirst().orElseThrow();
    }

    private static String cpusOf(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\t")[1];
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long parentOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    /** Waits for the end of a process that is no child of this JVM. */
    static void awaitEnd(long pid) {
        Syscalls syscalls = Syscalls.host();
        try {
            int pidfd = syscalls.pidfdOpen((int) pid);
            try {
                assertThat(syscalls.poll(Duration.ofSeconds(OwnVnfs.PATIENCE_SECONDS), pidfd))
                        .as("process %d has ended", pid).isPresent();
            } finally {
                syscalls.close(pidfd);
            }
        } catch (SystemCallException gone) {
            assertThat(gone.is(Errno.ESRCH)).as("%s", gone).isTrue();
        }
    }
}
