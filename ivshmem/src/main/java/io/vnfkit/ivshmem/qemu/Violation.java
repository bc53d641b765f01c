package io.vnfkit.ivshmem.qemu;

/** What can be wrong with a server. */
public enum Violation {
    /** It turns this client away: none of its rules is broken, but there will be no connection. */
    REFUSED,
    /** It speaks another version. */
    VERSION,
    /** A peer has a number that is none. */
    PEER_ID,
    /** Messages come in an order that means nothing. */
    ORDER,
    /** A message lacks its descriptor. */
    DESCRIPTOR_MISSING,
    /** More descriptors came than the message is about. */
    DESCRIPTOR_SURPLUS,
    /** What came for waking a peer is no eventfd. */
    NOT_AN_EVENTFD,
    /** A peer has more vectors than are allowed. */
    TOO_MANY_VECTORS,
    /** There are more peers than are allowed. */
    TOO_MANY_PEERS,
    /** The memory is no ordinary file, or of a size or with seals other than allowed. */
    MEMORY,
    /** The connection ended in the middle. */
    ENDED
}
