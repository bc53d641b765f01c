package io.vnfkit.launch.lifecycle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        return new ChildJvm(command(main, arguments));
    }

    /** Started by another program, such as setpriv. */
    static ChildJvm startBy(List<String> program, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(command(main, arguments));
        return new ChildJvm(command);
    }

    private static List<String> command(Class<?> main, String... arguments) {
        // Surefire may put the class path into a manifest; this property holds all of it then.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // They live for a moment.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", absolute(classPath), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String absolute(String classPath) {
        StringBuilder absolute = new StringBuilder();
        for (String entry : classPath.split(":")) {
            absolute.append(absolute.isEmpty() ? "" : ":").append(Path.of(entry).toAbsolutePath());
        }
        return absolute.toString();
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
