package io.vnfkit.ivshmem.qemu;

/** Why a peer is no longer connected. */
public enum Departure {
    /** It closed its end: a QEMU that has ended, mostly. */
    CLOSED,
    /** It sent something, which no client of this protocol does. */
    SPOKE,
    /** It did not take its messages, and more would have had to wait than is allowed. */
    OVERFLOW,
    /** The kernel refused to send to it. */
    SEND_FAILED,
    /** {@link IvshmemServer#disconnect} was called. */
    DISCONNECTED,
    /** The server was closed. */
    SERVER_CLOSED
}
