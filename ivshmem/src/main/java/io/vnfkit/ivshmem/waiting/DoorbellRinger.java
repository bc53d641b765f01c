package io.vnfkit.ivshmem.waiting;

import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.linux.UnixSocketCalls;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The side of a doorbell that wakes. Not thread-safe: for the thread that puts something in. */
public final class DoorbellRinger {

    private final ByteBuffer memory;
    private final int descriptor;
    private final UnixSocketCalls calls;

    DoorbellRinger(ByteBuffer memory, int descriptor, UnixSocketCalls calls) {
        this.memory = memory;
        this.descriptor = descriptor;
        this.calls = calls;
    }

    /**
     * Wakes the consumer if it sleeps. Call it after something was published, once for a batch. Costs a load as long as
     * nobody has ever slept there; then a full fence, without which the load of the word could be made before what was
     * published is seen, while the consumer goes to sleep; and a system call only if it does sleep.
     *
     * @return whether it slept and was woken
     * @throws io.vnfkit.linux.SystemCallException if the descriptor is no eventfd
     */
    public boolean ring() {
        if (SharedWords.intOpaque(memory, Doorbell.LISTENS_AT) == 0) {
            return false;
        }
        VarHandle.fullFence();
        if (SharedWords.intOpaque(memory, Doorbell.SLEEPS_AT) == 0) {
            return false;
        }
        SharedWords.intOpaque(memory, Doorbell.SLEEPS_AT, 0);
        calls.signal(descriptor);
        return true;
    }
}
