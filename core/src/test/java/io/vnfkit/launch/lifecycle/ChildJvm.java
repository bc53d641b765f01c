package io.vnfkit.launch.lifecycle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Another JVM that runs a main class of the tests: one that can be killed, or has another user. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(List<String> command) {
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        output = process.inputReader();
    }

    static ChildJvm start(Class<?> main, String... arguments) {
        return new ChildJvm(command(classPath(), main, arguments));
    }

    /**
     * One started by another program, such as setpriv.
     *
     * @param program the program, which executes its further arguments
     * @param classPath files that the JVM may read
     */
    static ChildJvm startBy(List<String> program, List<Path> classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(command(classPath, main, arguments));
        return new ChildJvm(command);
    }

    /** Jars and directories that this JVM loads its classes from. */
    static List<Path> classPath() {
        // Surefire may put the class path into a manifest; this property holds all of it then.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(classPath.split(":")).map(entry -> Path.of(entry).toAbsolutePath()).toList();
    }

    private static List<String> command(List<Path> classPath, Class<?> main, String... arguments) {
        String joined = classPath.stream().map(Path::toString).collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // They live for a moment.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", joined, main.getName()));
        command.addAll(List.of(arguments));
        // What newer JDKs ask for.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access")).forEach(argument -> command.add(1, argument));
        return command;
    }

    long pid() {
        return process.pid();
    }

    /** The next line that it says. */
    String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("the JVM said nothing more and ended with " + exitCode());
            }
            return line;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** All that it still says. */
    List<String> lines() {
        return output.lines().toList();
    }

    void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes());
            process.getOutputStream().flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** SIGKILL: no shutdown hook, no finally. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    int exitCode() {
        try {
            if (!process.waitFor(OwnVnfs.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the JVM does not end");
            }
            return process.exitValue();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
