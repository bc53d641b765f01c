package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Ready;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One end of memif links: what speaks on the sockets. It has no thread: links come up, go down and come again while
 * {@link #poll} is called, by one's own loop every few milliseconds, or by the thread of a {@link ControlLoop}. Packets
 * move independently of that.
 *
 * <p>Thread-safe.
 */
public abstract sealed class MemifEndpoint implements AutoCloseable permits MemifServer, MemifClient {

    final Kernel kernel;
    final LongSupplier nanoTime;
    private final EventDescriptor wake;
    /** Held while polling: nobody closes a descriptor that somebody waits for. */
    private final ReentrantLock polling = new ReentrantLock();
    private final Object changes = new Object();
    private volatile boolean isClosed;

    MemifEndpoint(Kernel kernel, LongSupplier nanoTime) {
        this.kernel = kernel;
        this.nanoTime = nanoTime;
        this.wake = kernel.newEvent();
    }

    /** What to wait for beside the wake-up. */
    abstract List<Interest> interests();

    /** The longest that a wait may last; negative for no limit. */
    abstract Duration patience();

    /** What is due without anything to read: links that ended on this side, attempts to connect. */
    abstract void tick();

    abstract void handle(Ready ready);

    abstract void closeAll();

    /** From any thread: something is due. */
    final void wake() {
        wake.signal();
    }

    /**
     * Does what is due on the sockets.
     *
     * @param timeout how long to wait if nothing is; negative waits for ever
     * @throws io.vnfkit.linux.SystemCallException if the kernel refuses what no other side is to blame for
     */
    public final void poll(Duration timeout) {
        polling.lock();
        try {
            pollHeld(timeout);
        } finally {
            polling.unlock();
            synchronized (changes) {
                changes.notifyAll();
            }
        }
    }

    private void pollHeld(Duration timeout) {
        if (isClosed) {
            return;
        }
        tick();
        List<Interest> wanted = new ArrayList<>(interests());
        wanted.add(new Interest(wake.descriptor(), false));
        List<Ready> ready = kernel.sockets().poll(shorter(timeout, patience()), wanted);
        wake.drain();
        if (!isClosed) {
            ready.stream().filter(one -> one.descriptor() != wake.descriptor()).forEach(this::handle);
            tick();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        if (one.isNegative()) {
            return other;
        }
        return other.isNegative() || one.compareTo(other) < 0 ? one : other;
    }

    /** Polls, or waits while another thread polls, until there is a value or the time is over. */
    final <T> Optional<T> await(Duration timeout, Supplier<Optional<T>> value) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<T> found = value.get();
            long rest = deadline - System.nanoTime();
            if (found.isPresent() || rest <= 0 || isClosed) {
                return found;
            }
            if (polling.tryLock()) {
                try {
                    poll(Duration.ofNanos(rest));
                } finally {
                    polling.unlock();
                }
            } else {
                waitForChange(rest);
            }
        }
    }

    /** The other thread may end its poll just before this waits: so never for long. */
    private void waitForChange(long nanos) {
        synchronized (changes) {
            try {
                changes.wait(Math.max(1, Math.min(10, nanos / 1_000_000)));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a link", interrupted);
            }
        }
    }

    /**
     * Tells whether it is closed.
     *
     * @return true after {@link #close}
     */
    public final boolean isClosed() {
        return isClosed;
    }

    /** Ends all links, tells the other sides, and frees memory and descriptors. Idempotent. */
    @Override
    public final void close() {
        isClosed = true;
        wake.signal();
        polling.lock();
        try {
            closeAll();
            wake.close();
        } finally {
            polling.unlock();
        }
    }
}
