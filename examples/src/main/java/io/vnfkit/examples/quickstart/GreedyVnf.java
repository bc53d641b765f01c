package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Lets a VNF ask for twice the hugepages that it is granted. */
final class GreedyVnf {

    private static final int SIGBUS = 7;

    private final VnfLauncher launcher;
    private final Machine machine;

    GreedyVnf(VnfLauncher launcher, Machine machine) {
        this.launcher = launcher;
        this.machine = machine;
    }

    void show(Report report) throws IOException {
        Vnf vnf = ForwardingVnf.describeGreedy(machine);
        long granted = ForwardingVnf.HUGEPAGES.inMebibytes();
        try (RunningVnf running = launcher.launch(vnf)) {
            String output = new String(running.standardOutput().readAllBytes(), StandardCharsets.UTF_8)
                    + new String(running.standardError().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = running.onExit().join();
            report.print("  a VNF with a grant of " + granted + " MiB runs dpdk-testpmd -m " + 2 * granted);
            report.quote(output.lines().filter(line -> line.contains("EAL:")).collect(Collectors.joining("\n")));
            report.check(output.contains("Requested: " + 2 * granted + "MB, available: " + granted + "MB"),
                    "DPDK itself says what it asked for and what there is");
            report.check(exitCode != 0 && exitCode != 128 + SIGBUS, "it ended with exit code " + exitCode + ", no SIGBUS");
        }
    }
}
