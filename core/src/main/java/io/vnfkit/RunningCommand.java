package io.vnfkit;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A command that runs inside a VNF: the VNF's own, or one started later with {@link RunningVnf#exec}.
 *
 * <p>Thread-safe; {@link #close} can be called several times.
 */
public interface RunningCommand extends AutoCloseable {

    /**
     * Its process id as the JVM sees it.
     *
     * @return the process id
     */
    long pid();

    /**
     * Its exit code.
     *
     * @return 0 to 255, 128 + n for signal n; empty while it runs
     */
    OptionalInt exitCode();

    /**
     * Completes when it ends, with its exit code. Each call returns a future of its own; cancelling one changes nothing else.
     *
     * @return a new future
     */
    CompletableFuture<Integer> onExit();

    /**
     * Sends it a signal. Without effect if it has ended.
     *
     * @param signal the signal
     */
    void signal(Signal signal);

    /**
     * Its standard input.
     *
     * @return a stream that feeds it; not buffered
     * @throws IllegalStateException if its standard input is no pipe
     */
    OutputStream standardInput();

    /**
     * Its standard output.
     *
     * @return a stream that ends when the command and its children have closed it
     * @throws IllegalStateException if its standard output is no pipe
     */
    InputStream standardOutput();

    /**
     * Its standard error.
     *
     * @return a stream that ends when the command and its children have closed it
     * @throws IllegalStateException if its standard error is no pipe
     */
    InputStream standardError();

    /** Kills it if it runs, waits for its end and closes its pipes. */
    @Override
    void close();
}
