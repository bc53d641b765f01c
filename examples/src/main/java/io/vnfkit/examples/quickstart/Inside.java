package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs commands inside a VNF, beside its own program. */
final class Inside {

    private final RunningVnf vnf;

    Inside(RunningVnf vnf) {
        this.vnf = vnf;
    }

    /** Runs a line of shell and waits for its end; output and errors come together. */
    HostCommand.Result shell(String line) throws IOException {
        StandardStreams streams = new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.discard());
        try (RunningCommand command = vnf.exec(streams, "sh", "-c", "exec 2>&1; " + line)) {
            String output = new String(command.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
            return new HostCommand.Result(command.onExit().join(), output.strip());
        }
    }
}
