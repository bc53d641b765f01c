package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import java.time.Duration;
import java.util.List;

/**
 * The eventfd of one ring. A descriptor that is closed while another thread is about to use it may by then be another
 * file, into which the thread would write; so use and close exclude each other. Thread-safe.
 */
final class EventDescriptor implements AutoCloseable {

    private final UnixSocketCalls sockets;
    private final Syscalls kernel;
    private final int event;
    private final int end;
    private boolean isClosed;

    /**
     * Takes an eventfd over.
     *
     * @param event shared with the other side, which may take away its signals at any time
     */
    EventDescriptor(UnixSocketCalls sockets, Syscalls kernel, int event) {
        this.sockets = sockets;
        this.kernel = kernel;
        this.event = event;
        // Of this process alone: it ends a wait even if the other side takes away every signal.
        try {
            this.end = sockets.eventfd();
        } catch (RuntimeException failure) {
            kernel.close(event);
            throw failure;
        }
    }

    int descriptor() {
        return event;
    }

    synchronized void signal() {
        if (!isClosed) {
            sockets.signal(event);
        }
    }

    synchronized void drain() {
        if (!isClosed) {
            sockets.drain(event);
        }
    }

    /** Waits for a signal or the end, and takes the signals. */
    synchronized void await(Duration timeout) {
        if (isClosed) {
            return;
        }
        sockets.poll(timeout, List.of(new Interest(event, false), new Interest(end, false)));
        sockets.drain(event);
    }

    @Override
    public void close() {
        wakeForEver();
        synchronized (this) {
            if (!isClosed) {
                isClosed = true;
                kernel.close(event);
                kernel.close(end);
            }
        }
    }

    /** Nobody but {@link #close} closes, and only one thread calls that. */
    private void wakeForEver() {
        if (!isClosed) {
            sockets.signal(end);
        }
    }
}
