package io.vnfkit.dpdk.channel;

/** The two sides of a packet channel; {@code enum vnfkit_channel_side} of the forwarding core, in its order. */
public enum Direction {
    /** Packets leave this process; the buffers are its own. */
    SENDER,
    /** Packets come into this process, and go back to their owner. */
    RECEIVER
}
