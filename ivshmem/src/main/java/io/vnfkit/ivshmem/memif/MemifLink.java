package io.vnfkit.ivshmem.memif;

import java.util.List;

/**
 * A link that is or was up: its queues, and who is on the other side. When it goes down, for whatever reason, a new link
 * takes its place as soon as the two sides connect again; this one stays down.
 *
 * <p>Thread-safe; each queue is for one thread at a time.
 */
public final class MemifLink implements AutoCloseable {

    private final LinkState state;
    private final String peer;
    private final String peerInterface;
    private final List<ReceiveQueue> receiveQueues;
    private final List<TransmitQueue> transmitQueues;

    MemifLink(LinkState state, String peer, String peerInterface, LinkQueues queues) {
        this.state = state;
        this.peer = peer;
        this.peerInterface = peerInterface;
        this.receiveQueues = queues.receiveQueues();
        this.transmitQueues = queues.transmitQueues();
    }

    /**
     * Tells whether packets can go.
     *
     * @return false once the other side has gone, either side has closed, or damage was found
     */
    public boolean isUp() {
        return state.isUp();
    }

    /**
     * Why it is down.
     *
     * @return a sentence; empty while it is up
     */
    public String endReason() {
        return state.reason();
    }

    /**
     * The other side's program.
     *
     * @return what it calls itself, such as {@code DPDK 22.11.11}; not to be trusted
     */
    public String peer() {
        return peer;
    }

    /**
     * The other side's end.
     *
     * @return what it calls it, such as {@code net_memif0}; not to be trusted
     */
    public String peerInterface() {
        return peerInterface;
    }

    /**
     * The queues that receive.
     *
     * @return by number
     */
    public List<ReceiveQueue> receiveQueues() {
        return receiveQueues;
    }

    /**
     * The queues that send.
     *
     * @return by number
     */
    public List<TransmitQueue> transmitQueues() {
        return transmitQueues;
    }

    /** Ends the link. Its queues stop at once; the endpoint's next poll tells the other side and frees the memory. */
    @Override
    public void close() {
        state.end("this side closed the link");
    }
}
