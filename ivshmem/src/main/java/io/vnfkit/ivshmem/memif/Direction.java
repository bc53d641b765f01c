package io.vnfkit.ivshmem.memif;

/** Which way a ring carries packets. The client owns the memory in both cases. */
public enum Direction {
    /** The client sends (in DPDK's words c2s). */
    CLIENT_TO_SERVER,
    /** The server sends, into buffers that the client has put there (s2c). */
    SERVER_TO_CLIENT
}
