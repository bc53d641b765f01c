package io.vnfkit.ivshmem.waiting;

import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The side of a doorbell that sleeps. Not thread-safe: for the thread that takes out. */
public final class DoorbellSleeper {

    private final ByteBuffer memory;
    private final int descriptor;
    private final UnixSocketCalls calls;
    private final List<Interest> interest;

    DoorbellSleeper(ByteBuffer memory, int descriptor, UnixSocketCalls calls) {
        this.memory = memory;
        this.descriptor = descriptor;
        this.calls = calls;
        this.interest = List.of(new Interest(descriptor, false));
        SharedWords.intOpaque(memory, Doorbell.LISTENS_AT, 1);
    }

    /**
     * Sleeps until the doorbell rings, and not at all if there is something already. It may wake early. Who shares the
     * eventfd can take the ringing away, so this is never without a time limit.
     *
     * @param nanos how long at most; the kernel counts whole milliseconds
     * @param ready tells whether there is something
     * @throws io.vnfkit.linux.SystemCallException if the descriptor is no eventfd
     */
    public void sleep(long nanos, BooleanSupplier ready) {
        SharedWords.intOpaque(memory, Doorbell.SLEEPS_AT, 1);
        // Either this look sees what the producer published, or the producer, behind its own fence, sees the word.
        VarHandle.fullFence();
        if (!ready.getAsBoolean() && !calls.poll(Duration.ofNanos(nanos), interest).isEmpty()) {
            calls.drain(descriptor);
        }
        SharedWords.intOpaque(memory, Doorbell.SLEEPS_AT, 0);
    }
}
