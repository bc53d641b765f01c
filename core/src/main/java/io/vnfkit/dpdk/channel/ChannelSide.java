package io.vnfkit.dpdk.channel;

import java.util.function.LongSupplier;

/**
 * One side of a packet channel that a forwarding core can become. It is a description: nothing is taken before the core
 * starts. Implemented by who keeps channels; thread-safe.
 */
public interface ChannelSide {

    /**
     * Which side.
     *
     * @return sender or receiver
     */
    Direction direction();

    /**
     * Where the channel lies.
     *
     * @return a place that does not change
     */
    ChannelPlace place();

    /**
     * Becomes this side, before the forwarding core touches the memory. The channel is idle then: no packet is on its way.
     *
     * @return what gives the side up again
     * @throws RuntimeException if another process is this side, or packets of an earlier one are on their way
     */
    Hold take();

    /** A side that is held, so that no other process can become it. Thread-safe. */
    interface Hold extends AutoCloseable {

        /**
         * Tells whether the other side is there: a system call.
         *
         * @return false if nobody has taken it, or who had has ended
         */
        boolean isPeerPresent();

        /**
         * Keeps receivers out while a sender takes back what its last one had.
         *
         * @param restart to be called if there is no receiver, and while none can come
         * @return what the call returned; 0 if there is a receiver, and nothing was called
         */
        long whileNobodyReceives(LongSupplier restart);

        /** Gives the side up. */
        @Override
        void close();
    }
}
