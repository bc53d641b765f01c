package io.vnfkit.ivshmem.qemu;

/** What becomes of the other peers. Immutable. */
public sealed interface PeerEvent {

    /**
     * Another peer is there. Its vectors are announced one by one, so not all may be known yet:
     * {@link IvshmemPeer#awaitPeer} waits for them.
     *
     * @param peer its id
     */
    record Joined(int peer) implements PeerEvent {}

    /**
     * Another peer has gone.
     *
     * @param peer its id
     */
    record Left(int peer) implements PeerEvent {}

    /**
     * The server has gone, and nobody says any more who joins and leaves. Peers that are there still reach each other.
     */
    record ServerGone() implements PeerEvent {}
}
