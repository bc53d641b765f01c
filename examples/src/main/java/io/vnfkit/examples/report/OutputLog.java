package io.vnfkit.examples.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Reads what a program prints, so that the program never waits for its reader, and lets others wait for a line. Thread-safe.
 */
public final class OutputLog {

    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    /**
     * Begins to read.
     *
     * @param stream what the program prints
     */
    public OutputLog(InputStream stream) {
        reader = new Thread(() -> read(stream), "output of a program");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                add(line);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /**
     * Waits for a line that holds a text.
     *
     * @param text the text
     * @param patience how long at most
     * @throws InterruptedException if the thread was interrupted
     * @throws TimeoutException if there is none by then, or the program has closed its output without one
     */
    public synchronized void await(String text, Duration patience) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (lines.stream().noneMatch(line -> line.contains(text))) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                throw new TimeoutException("no line with \"" + text + "\" in:\n" + String.join("\n", lines));
            }
            wait(left);
        }
    }

    /**
     * All lines, once the program has closed its output.
     *
     * @return the lines
     * @throws InterruptedException if the thread was interrupted
     */
    public List<String> all() throws InterruptedException {
        reader.join();
        return soFar();
    }

    /**
     * The lines that have come up to now.
     *
     * @return a copy
     */
    public synchronized List<String> soFar() {
        return List.copyOf(lines);
    }
}
