package io.vnfkit.ivshmem.memif;

/**
 * The cache line that the layout of a ring is made for. Both sides must mean the same, and no message says which: DPDK
 * takes that of the machine it was built for, libmemif 64 bytes on x86-64 and 128 on aarch64.
 */
public enum CacheLine {
    /** x86-64, and most builds for aarch64 servers. */
    BYTES_64(64),
    /** DPDK's generic build for aarch64, and libmemif there. */
    BYTES_128(128);

    private final int bytes;

    CacheLine(int bytes) {
        this.bytes = bytes;
    }

    /**
     * The length.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    int tailAt() {
        return bytes;
    }

    int descriptorsAt() {
        return 2 * bytes;
    }

    /** How much a ring takes in the region. */
    long ringBytes(int log2Size) {
        return descriptorsAt() + ((long) RingFields.DESCRIPTOR_BYTES << log2Size);
    }
}
