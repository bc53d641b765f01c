package io.vnfkit.ivshmem.waiting;

/** How a wait ended. */
public enum WaitResult {
    /** What was waited for is there. */
    READY,
    /** The time is over, and it is not there. */
    TIMED_OUT,
    /** The other side is not there, or is no longer, and has left nothing. */
    PEER_LOST,
    /** The region was given up, made shorter, or detached by this process, and nothing is left to be read. */
    REGION_RETIRED,
    /** The thread was interrupted; it still is. */
    INTERRUPTED
}
