package io.vnfkit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Shell commands on the host, to prepare what a VNF meets and to look at it from outside. */
public final class HostShell {

    private HostShell() {}

    /**
     * Runs a command line.
     *
     * @param commandLine what a shell takes
     * @return what it printed, on both streams
     * @throws AssertionError if it fails
     */
    public static String run(String commandLine) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", commandLine).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError("\"" + commandLine + "\" ended with code " + code + ": " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for \"" + commandLine + "\"", interrupted);
        }
    }
}
