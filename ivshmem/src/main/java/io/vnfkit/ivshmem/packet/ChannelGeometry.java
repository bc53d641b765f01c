package io.vnfkit.ivshmem.packet;

import io.vnfkit.ivshmem.ring.RingGeometry;

/**
 * The layout of a packet channel: the ring of packets, the ring of buffers that come back, the buffers. Immutable and
 * thread-safe.
 *
 * @param bufferSize bytes of a buffer: a multiple of 2048, so that an offset divided by 2048 tells buffers apart
 * @param bufferCount number of buffers
 * @param ring layout of both rings, which hold as many elements as there are buffers, at least
 */
public record ChannelGeometry(int bufferSize, int bufferCount, RingGeometry ring) {

    /** What buffer sizes are a multiple of. */
    public static final int BUFFER_UNIT = 2048;

    /** Room before a packet for headers that are put in front, as RTE_PKTMBUF_HEADROOM. */
    public static final int HEADROOM = 128;

    /** An mbuf of DPDK counts the bytes of its buffer in 16 bits. */
    private static final int MAX_BUFFER = 62 << 10;
    private static final int MAX_COUNT = 1 << 20;
    private static final int PAGE = 4096;

    /** Checks the numbers. */
    public ChannelGeometry {
        if (bufferSize < BUFFER_UNIT || bufferSize > MAX_BUFFER || bufferSize % BUFFER_UNIT != 0) {
            throw new IllegalArgumentException("buffers have a multiple of " + BUFFER_UNIT + " up to " + MAX_BUFFER
                    + " bytes, not " + bufferSize);
        }
        if (bufferCount < 1 || bufferCount > MAX_COUNT || bufferCount > ring.capacity()) {
            throw new IllegalArgumentException("a channel has 1 to " + MAX_COUNT + " buffers, not " + bufferCount
                    + ", and rings for all of them");
        }
        if (ring.elementSize() != Long.BYTES) {
            throw new IllegalArgumentException("descriptors have 8 bytes, not " + ring.elementSize());
        }
    }

    /**
     * The layout for so many buffers.
     *
     * @param bufferSize bytes of a buffer, headroom included
     * @param bufferCount number of buffers
     * @param cacheLine 64 or 128
     * @return the layout
     */
    public static ChannelGeometry of(int bufferSize, int bufferCount, int cacheLine) {
        return new ChannelGeometry(bufferSize, bufferCount,
                RingGeometry.holding(Math.max(1, Math.min(bufferCount, MAX_COUNT)), Long.BYTES, cacheLine));
    }

    /**
     * Where the ring of buffers that come back begins; that of packets begins at 0.
     *
     * @return offset in the channel
     */
    public int returnRingAt() {
        return ring.length() + 127 & -128;
    }

    /**
     * Where the buffers begin.
     *
     * @return offset in the channel, a multiple of 4096
     */
    public int buffersAt() {
        return returnRingAt() + ring.length() + PAGE - 1 & -PAGE;
    }

    /**
     * Memory that it takes.
     *
     * @return bytes
     */
    public long length() {
        return buffersAt() + (long) bufferSize * bufferCount;
    }
}
