package io.vnfkit.launch.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the real init on a program, without any native call: a shell places the descriptors, since ProcessBuilder
 * passes only 0 to 2. The pipes are FIFOs in a temporary directory. The environment is the one of this JVM.
 */
final class InitProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final Path directory;
    private final Process process;
    private final OutputStream liveness;
    private final InputStream reports;

    private InitProcess(Path directory, Process process, OutputStream liveness, InputStream reports) {
        this.directory = directory;
        this.process = process;
        this.liveness = liveness;
        this.reports = reports;
    }

    static InitProcess start(Path directory, Program program) throws IOException, InterruptedException {
        return start(directory, bytesOf(program));
    }

    static InitProcess start(Path directory, byte[] program) throws IOException, InterruptedException {
        return start(directory, program, Architecture.current(), "");
    }

    /** Under an emulator of another architecture, where one is named. */
    static InitProcess start(Path directory, byte[] program, Architecture architecture, String emulator)
            throws IOException, InterruptedException {
        Files.write(directory.resolve("program"), program);
        Files.write(directory.resolve("lock"), new byte[0]);
        makeFifo(directory.resolve("report"));
        makeFifo(directory.resolve("liveness"));
        Process process = new ProcessBuilder("sh", "-c",
                // Opening a FIFO waits for the other end: the test opens them in the same order.
                "exec " + emulator + " \"$0\" 3<program 4>report 5<liveness 6<>lock",
                initFile(directory, architecture).toString())
                .directory(directory.toFile())
                .start();
        InputStream reports = Files.newInputStream(directory.resolve("report"));
        OutputStream liveness = Files.newOutputStream(directory.resolve("liveness"));
        return new InitProcess(directory, process, liveness, reports);
    }

    private static void makeFifo(Path path) throws IOException, InterruptedException {
        int status = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("mkfifo " + path + " ended with " + status);
        }
    }

    private static Path initFile(Path directory, Architecture architecture) throws IOException {
        Path file = directory.resolve("vnfkit-init");
        String resource = architecture.initResource();
        try (InputStream init = InitProcess.class.getClassLoader().getResourceAsStream(resource)) {
            if (init == null) {
                throw new IOException("no " + resource + " on the class path: build it with -Dinit.architectures");
            }
            Files.copy(init, file);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
        return file;
    }

    static byte[] bytesOf(Program program) {
        byte[] bytes = new byte[program.size()];
        program.content().get(bytes);
        return bytes;
    }

    /** What a JVM that ends does to the init. */
    void closeLiveness() throws IOException {
        liveness.close();
    }

    void signal(String name) throws IOException, InterruptedException {
        // The shell's own kill: the command is in a package that a small system lacks.
        String command = "kill -s " + name + " " + process.pid();
        int status = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("kill -s " + name + " ended with " + status);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for one line of the VNF's output. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; c = process.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    int waitFor() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the init has not ended within " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Waits for the end of the report pipe. */
    List<Report> reports() throws IOException {
        return new ArrayList<>(Report.parseAll(ByteBuffer.wrap(reports.readAllBytes())));
    }

    Optional<ExitRecord> exitRecord() throws IOException {
        return ExitRecord.parse(ByteBuffer.wrap(Files.readAllBytes(directory.resolve("lock"))));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        liveness.close();
        reports.close();
    }
}
