package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An unmodified testpmd with one virtual device, which gives every packet back to where it came from. */
final class Testpmd implements AutoCloseable {

    private final Process process;
    private final Path log;

    private Testpmd(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it in ordinary memory, so that no root and no hugepages are needed. */
    static Testpmd start(Path directory, String device) throws IOException {
        Path log = directory.resolve("testpmd.log");
        // Its output into a file would stay in a buffer of the C library. What it finds in its queues when it begins, it
        // would throw away.
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", "dpdk-testpmd"));
        command.addAll(List.of("--lcores", "(0-1)@0", "--no-huge", "-m", "128", "--no-pci", "--no-telemetry",
                "--no-shconf", "--file-prefix=vnfkit-peer", "--vdev=" + device, "--", "-i",
                "--port-topology=loop", "--total-num-mbufs=8192", "--no-mlockall", "--no-flush-rx"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        // A packet that finds no room is tried again for two seconds.
        process.getOutputStream().write(
                "set fwd io retry\nset burst tx delay 1 retry 2000000\nstart\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        return new Testpmd(process, log);
    }

    /** Waits until it gives packets back. */
    void awaitForwarding() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!log().contains("packet forwarding with retry")) {
            assertThat(process.isAlive() && System.nanoTime() < deadline).as(log()).isTrue();
            Thread.onSpinWait();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        // The end of its input is the end of testpmd.
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
