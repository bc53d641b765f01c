package io.vnfkit.examples.report;

import io.vnfkit.RunningVnf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a VNF prints: its standard output, and what explains why that is not as expected. Thread-safe. */
public final class VnfOutput {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OutputLog output;
    private final OutputLog errors;

    /**
     * Begins to read.
     *
     * @param running a VNF whose streams are pipes
     */
    public VnfOutput(RunningVnf running) {
        output = new OutputLog(running.standardOutput());
        errors = new OutputLog(running.standardError());
    }

    /**
     * Waits for a line of the output, half a minute at most.
     *
     * @param text what the line holds
     * @param report gets the error messages if there is none
     * @throws InterruptedException if the thread was interrupted
     * @throws TimeoutException if there is none by then, or the VNF has closed its output without one
     */
    public void await(String text, Report report) throws InterruptedException, TimeoutException {
        try {
            output.await(text, PATIENCE);
        } catch (TimeoutException failure) {
            errors.soFar().forEach(report::quote);
            throw failure;
        }
    }

    /**
     * All lines of the output, once the VNF has closed it.
     *
     * @return the lines
     * @throws InterruptedException if the thread was interrupted
     */
    public List<String> all() throws InterruptedException {
        return output.all();
    }

    /**
     * Shows all error messages, once the VNF has closed that stream.
     *
     * @param report gets them
     * @throws InterruptedException if the thread was interrupted
     */
    public void quoteErrors(Report report) throws InterruptedException {
        errors.all().forEach(report::quote);
    }
}
