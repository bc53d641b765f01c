package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * A thread that polls one endpoint until that is closed, for those who do not want to poll. Between events it waits in
 * the kernel.
 *
 * <p>Thread-safe.
 */
public final class ControlLoop {

    private static final Duration FOR_EVER = Duration.ofSeconds(-1);

    private final Thread thread;
    private volatile VnfkitException failure;

    private ControlLoop(MemifEndpoint endpoint, ThreadFactory threads) {
        thread = threads.newThread(() -> run(endpoint));
    }

    /**
     * Starts the thread.
     *
     * @param endpoint what to poll; closing it ends the thread
     * @param threads makes the thread
     * @return the loop
     */
    public static ControlLoop start(MemifEndpoint endpoint, ThreadFactory threads) {
        ControlLoop loop = new ControlLoop(endpoint, threads);
        loop.thread.start();
        return loop;
    }

    private void run(MemifEndpoint endpoint) {
        try {
            while (!endpoint.isClosed()) {
                endpoint.poll(FOR_EVER);
            }
        } catch (VnfkitException refused) {
            failure = refused;
        }
    }

    /**
     * What ended the thread though the endpoint is open, such as too many open files.
     *
     * @return the exception; empty if it runs or ended with the endpoint
     */
    public Optional<VnfkitException> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Waits for the end of the thread.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void join() throws InterruptedException {
        thread.join();
    }
}
