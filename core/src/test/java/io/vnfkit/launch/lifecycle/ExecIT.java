package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.allOutput;
import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static io.vnfkit.launch.lifecycle.OwnVnfs.firstLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.LaunchException;
import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Further commands inside a VNF. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class ExecIT {

    /** Everything about a process that its launch decides, without what differs between any two processes. */
    private static final String SELF = "grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:|Cpus_allowed_list|Mems_allowed_list|Umask)'"
            + " /proc/self/status; readlink /proc/self/ns/*; cat /proc/self/cgroup /proc/self/limits; env | sort; echo end";

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    static Stream<String> kindsOfVnf() {
        return Stream.of("default", "other user", "user namespace", "host's pids", "with init");
    }

    private Vnf.Builder described(String kind, String script) {
        Vnf.Builder vnf = vnfs.shell(script).cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0")))
                .environment(environment -> environment.set("COLOUR", "green"))
                .security(security -> security.resourceLimit(ResourceLimit.Kind.NOFILE, 333, 444));
        return switch (kind) {
            case "other user" -> vnf.security(security -> security.user(1234, 5678, 9L, 10L)
                    .capabilities(CapabilitySets.of(Capability.NET_RAW).keptForOtherUsers()));
            case "user namespace" -> vnf.namespaces(
                    namespaces -> namespaces.fresh(NamespaceKind.USER).mapIds(0, 200000, 65536));
            case "host's pids" -> vnf.namespaces(namespaces -> namespaces.inherit(NamespaceKind.PID));
            case "with init" -> vnf.init();
            default -> vnf;
        };
    }

    @ParameterizedTest
    @MethodSource("kindsOfVnf")
    void aCommandIsIsolatedAndLimitedLikeTheVnf(String kind) throws Exception {
        try (RunningVnf vnf = vnfs.launch(described(kind, "(" + SELF + "); read line"))) {
            String ofVnf = upToEnd(vnf);
            try (RunningCommand command = vnf.exec(StandardStreams.PIPES, "sh", "-c", "(" + SELF + "); read line")) {
                assertThat(upToEnd(command)).isEqualTo(ofVnf).contains("COLOUR=green").contains("444");
                assertThat(host(command, "cgroup")).isEqualTo(host(vnf, "cgroup")).contains(vnf.name());
                assertThat(host(command, "mountinfo")).isEqualTo(host(vnf, "mountinfo"));
                assertThat(vnf.statistics().processes()).isGreaterThanOrEqualTo(2);
            }
        }
    }

    private static String upToEnd(RunningCommand command) throws IOException {
        StringBuilder text = new StringBuilder();
        BufferedReader lines = OwnVnfs.lines(command);
        for (String line = lines.readLine(); !"end".equals(line); line = lines.readLine()) {
            assertThat(line).as("the output so far: " + text).isNotNull();
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /** A file of /proc as the host sees it, without the limits of the VNF's view. */
    private static String host(RunningCommand command, String file) throws IOException {
        return Files.readString(Path.of("/proc/" + command.pid() + "/" + file));
    }

    @Test
    void aCommandHasItsOwnStreams() throws Exception {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("read line; echo vnf: $line"));
                RunningCommand command = vnf.exec(
                        new StandardStreams(Stdio.pipe(), Stdio.pipe(), Stdio.likeOutput()), "sh", "-c", "cat; echo err >&2")) {
            command.standardInput().write("for the command\n".getBytes());
            command.standardInput().close();
            assertThat(allOutput(command)).isEqualTo("for the command\nerr\n");
            assertThat(exitCode(command)).isZero();
            vnf.standardInput().write("for the vnf\n".getBytes());
            assertThat(allOutput(vnf)).isEqualTo("vnf: for the vnf\n");
        }
    }

    @Test
    void aCommandHasAnExitCodeAndSignals() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"))) {
            try (RunningCommand command = vnf.exec(StandardStreams.DISCARD, "sh", "-c", "exit 12")) {
                assertThat(exitCode(command)).isEqualTo(12);
                assertThat(command.exitCode()).hasValue(12);
            }
            try (RunningCommand command = vnf.exec(StandardStreams.PIPES, "sh", "-c", "echo up; exec sleep 300")) {
                assertThat(firstLine(command)).isEqualTo("up");
                assertThat(command.exitCode()).isEmpty();
                command.signal(Signal.TERM);
                assertThat(exitCode(command)).isEqualTo(143);
            }
            assertThat(vnf.exitCode()).isEmpty();
        }
    }

    @Test
    void closingACommandLeavesTheVnfRunning() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"))) {
            RunningCommand command = vnf.exec(StandardStreams.DISCARD, "sleep", "300");
            command.close();
            command.close();
            assertThat(command.exitCode()).hasValue(137);
            assertThat(vnf.exitCode()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsOfVnf")
    void killingTheVnfEndsItsCommands(String kind) throws Exception {
        try (RunningVnf vnf = vnfs.launch(described(kind, "sleep 300"))) {
            RunningCommand command = vnf.exec(StandardStreams.DISCARD, "sleep", "300");
            assertThat(vnf.kill()).isEqualTo(137);
            assertThat(command.onExit().get(30, TimeUnit.SECONDS)).isEqualTo(137);
            command.close();
        }
    }

    @Test
    void aCommandThatIsMissingInTheRootIsRefusedBeforeAnythingStarts() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"))) {
            assertThatThrownBy(() -> vnf.exec(StandardStreams.DISCARD, "no-such-command"))
                    .isInstanceOf(InvalidVnfException.class).hasMessageContaining("no executable \"no-such-command\" on the PATH");
            assertThatThrownBy(() -> vnf.exec(StandardStreams.DISCARD, "/no/such/command"))
                    .isInstanceOf(InvalidVnfException.class).hasMessageContaining("/no/such/command does not exist");
        }
    }

    @Test
    void aCommandThatTheKernelRefusesNamesTheErrno() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo nonsense > /tmp/file; chmod +x /tmp/file; echo up; sleep 300"))) {
            assertThat(firstLine(vnf)).isEqualTo("up");
            assertThatThrownBy(() -> vnf.exec(StandardStreams.DISCARD, "/tmp/file"))
                    .isInstanceOf(LaunchException.class).hasMessageContaining("ENOEXEC").hasMessageContaining("/tmp/file");
        }
    }

    @Test
    void aVnfThatHasEndedTakesNoMoreCommands() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exit 0"))) {
            exitCode(vnf);
            assertThatIllegalStateException().isThrownBy(() -> vnf.exec(StandardStreams.DISCARD, "true"))
                    .withMessage("VNF \"" + vnf.name() + "\" has ended");
        }
    }
}
