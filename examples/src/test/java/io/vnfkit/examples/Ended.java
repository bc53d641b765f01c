package io.vnfkit.examples;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.CgroupStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A program that ran in a VNF until its end.
 *
 * @param exitCode its exit code
 * @param output what it printed, errors included
 */
record Ended(int exitCode, String output) {

    /** Two streams of one pipe: this keeps the order of errors and output. */
    private static final String BOTH = "exec 2>&1; exec \"$@\"";

    /** A VNF and what its control groups counted at its end. */
    record WithStatistics(Ended ended, CgroupStatistics statistics) {}

    /** Launches a VNF whose errors go to its output, waits for its end and takes it away. */
    static Ended launch(Vnf vnf) throws IOException {
        return launchAndCount(vnf).ended();
    }

    static WithStatistics launchAndCount(Vnf vnf) throws IOException {
        try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
            Ended ended = await(running);
            return new WithStatistics(ended, running.statistics());
        }
    }

    /** Runs a command inside a VNF. */
    static Ended exec(RunningVnf vnf, String... command) throws IOException {
        String[] line = new String[command.length + 4];
        System.arraycopy(new String[] {"sh", "-c", BOTH, "sh"}, 0, line, 0, 4);
        System.arraycopy(command, 0, line, 4, command.length);
        try (RunningCommand running = vnf.exec(streams(), line)) {
            return await(running);
        }
    }

    static StandardStreams streams() {
        return new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.discard());
    }

    /** The words of a command whose errors go to its output. */
    static Object[] merged(Object... command) {
        Object[] line = new Object[command.length + 4];
        System.arraycopy(new Object[] {"sh", "-c", BOTH, "sh"}, 0, line, 0, 4);
        System.arraycopy(command, 0, line, 4, command.length);
        return line;
    }

    private static Ended await(RunningCommand command) throws IOException {
        String output = new String(command.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(command.onExit().join(), output.strip());
    }
}
