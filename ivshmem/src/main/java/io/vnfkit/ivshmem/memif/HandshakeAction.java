package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;

/**
 * What one side of a link has to do next, in this order. Where something cannot be done, the rest is left undone and
 * {@link HandshakeEvent.Failed} says so.
 */
sealed interface HandshakeAction {

    /**
     * Say something.
     *
     * @param message what
     */
    record Send(MemifMessage message) implements HandshakeAction {}

    /**
     * As a server: give the connection an interface that no other connection has.
     *
     * @param offered the interface
     */
    record Bind(MemifInterface offered) implements HandshakeAction {}

    /**
     * As a server: take the region whose descriptor came with the message.
     *
     * @param index its number
     * @param size announced bytes
     */
    record TakeRegion(int index, long size) implements HandshakeAction {}

    /**
     * As a server: keep the eventfd that came with the message.
     *
     * @param ring which ring it wakes
     */
    record TakeRing(AddRing ring) implements HandshakeAction {}

    /** As a server: check the rings and begin. */
    record OpenRings() implements HandshakeAction {}

    /**
     * As a client: put empty rings into the memory.
     *
     * @param layout where
     */
    record LayOut(MemoryLayout layout) implements HandshakeAction {}

    /**
     * Packets may go.
     *
     * @param peer name of the other side's program
     * @param peerInterface what it calls its end
     */
    record Up(String peer, String peerInterface) implements HandshakeAction {}

    /**
     * The connection is over.
     *
     * @param reason for people
     */
    record Close(String reason) implements HandshakeAction {}
}
