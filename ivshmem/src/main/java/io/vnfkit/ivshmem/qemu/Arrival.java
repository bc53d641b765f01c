package io.vnfkit.ivshmem.qemu;

/** What a message of the server says. Whoever gets one with a descriptor owns that. */
sealed interface Arrival {

    /** The peer's own number. */
    record Identity(int id) implements Arrival {}

    /** The shared memory. */
    record Memory(int descriptor) implements Arrival {}

    /** What others wake this peer with. */
    record OwnVector(int vector, int descriptor) implements Arrival {}

    /** What another peer is woken with. */
    record PeerVector(int peer, int vector, int descriptor) implements Arrival {}

    /** Another peer has left. */
    record PeerGone(int peer) implements Arrival {}
}
