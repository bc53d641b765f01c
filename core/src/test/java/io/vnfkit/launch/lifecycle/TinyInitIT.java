package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static io.vnfkit.launch.lifecycle.OwnVnfs.firstLine;
import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.testing.RequiresRoot;
import java.io.BufferedReader;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tiny pid 1 before the command: it reaps, forwards signals and passes the exit code on. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class TinyInitIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @Test
    void theCommandIsNotTheFirstProcess() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo $$ $PPID").init())) {
            assertThat(firstLine(vnf)).isEqualTo("2 1");
        }
    }

    @Test
    void orphansAreReaped() throws Exception {
        // The middle shells end at once, so that their children become orphans, which end then too.
        String script = "for i in $(seq 20); do (sh -c 'exit 0' &) & done; wait; echo ready; read line; exit 0";
        try (RunningVnf vnf = vnfs.launch(vnfs.shell(script).init())) {
            assertThat(firstLine(vnf)).isEqualTo("ready");
            // Left: the init and the shell. A zombie counts as a process of its group.
            assertThat(Polling.until(() -> vnf.statistics().processes() == 2, Duration.ofSeconds(20)))
                    .as("processes: %s", vnf.statistics()).isTrue();
        }
    }

    @Test
    void signalsReachTheCommand() throws Exception {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("trap 'echo hup' HUP; trap 'exit 6' TERM; echo ready;"
                + " while :; do read line || sleep 0.01; done").init())) {
            BufferedReader lines = OwnVnfs.lines(vnf);
            assertThat(lines.readLine()).isEqualTo("ready");
            vnf.signal(Signal.HUP);
            assertThat(lines.readLine()).isEqualTo("hup");
            assertThat(vnf.stop(Duration.ofMinutes(1))).isEqualTo(6);
        }
    }

    @Test
    void aCommandWithoutHandlersCanBeStopped() {
        // As the first process of its namespace it would ignore SIGTERM.
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo ready; exec sleep 300").init())) {
            assertThat(firstLine(vnf)).isEqualTo("ready");
            assertThat(vnf.stop(Duration.ofMinutes(1))).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 77, 77", "kill -KILL $$, 137", "kill -TERM $$, 143"})
    void theExitCodeOfTheCommandIsPassedOn(String script, int code) {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell(script).init())) {
            assertThat(exitCode(vnf)).isEqualTo(code);
        }
    }
}
