package io.vnfkit.ivshmem.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A QEMU whose guest never starts, with its machine protocol on standard input and output. */
final class QemuMonitor implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    QemuMonitor(QemuArguments... devices) throws IOException {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-m", "16", "-nodefaults",
                "-display", "none", "-S", "-qmp", "stdio");
        for (QemuArguments device : devices) {
            command.addAll(device.words());
        }
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // A read of a pipe cannot be interrupted: a QEMU that hangs is ended, so that the test fails.
        CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS).execute(process::destroyForcibly);
        ask("{\"execute\": \"qmp_capabilities\"}");
    }

    /** What a person would ask, in the words of QEMU's own answer. */
    String info(String what) throws IOException {
        return ask("{\"execute\": \"human-monitor-command\", \"arguments\": {\"command-line\": \"info " + what + "\"}}")
                .replace("\\r\\n", "\n");
    }

    private String ask(String request) throws IOException {
        process.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        StringBuilder said = new StringBuilder();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("{\"return\"")) {
                return line;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("QEMU has ended: " + said);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
