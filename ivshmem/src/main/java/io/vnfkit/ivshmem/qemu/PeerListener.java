package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.UnixSocketCalls.Credentials;

/**
 * Is told who comes and goes, by the thread that serves, and in order; by the thread that closes the server for those
 * who leave then. It may call the server. An exception that it throws is logged, and nothing else happens.
 */
public interface PeerListener {

    /**
     * A peer has been given its id. It may not have taken all messages yet.
     *
     * @param peer the peer
     */
    default void joined(ConnectedPeer peer) {}

    /**
     * A peer has gone.
     *
     * @param peer the peer
     * @param why what happened
     */
    default void left(ConnectedPeer peer, Departure why) {}

    /**
     * Somebody was turned away.
     *
     * @param who the process that connected
     * @param why what kept it off
     */
    default void refused(Credentials who, Refusal why) {}
}
