package io.vnfkit.ivshmem.memif;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An unmodified dpdk-testpmd that gives every packet back, with the two MAC addresses exchanged. */
final class Testpmd implements AutoCloseable {

    private final Process process;
    private final Path log;

    private Testpmd(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Memory of the EAL from ordinary pages. */
    static List<String> ordinaryMemory() {
        return List.of("--no-huge", "-m", "128");
    }

    /** From hugepages that no file names, in one file for all. */
    static List<String> singleFileHugepages() {
        return List.of("--in-memory", "--single-file-segments", "-m", "64");
    }

    static Testpmd start(Path directory, String vdev, List<String> memory, String... more) {
        List<String> command = new ArrayList<>(List.of("dpdk-testpmd", "--lcores", "(0-1)@0"));
        command.addAll(memory);
        command.addAll(List.of("--no-pci", "--no-telemetry", "--no-shconf", "--file-prefix=memif-java",
                "--log-level=pmd.net.memif:debug", "--vdev=" + vdev, "--", "-i", "--auto-start",
                "--forward-mode=macswap", "--port-topology=loop", "--total-num-mbufs=8192", "--no-mlockall",
                // Otherwise it drops what came before it began to forward, and the link is up before.
                "--no-flush-rx"));
        command.addAll(List.of(more));
        Path log = directory.resolve("testpmd.log");
        try {
            return new Testpmd(new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start(), log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    /** The end of its input ends it. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It was killed: there is nobody to tell.
            waitForEnd();
        }
        waitForEnd();
    }

    private void waitForEnd() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("testpmd did not end: " + log());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for testpmd", interrupted);
        }
    }
}
