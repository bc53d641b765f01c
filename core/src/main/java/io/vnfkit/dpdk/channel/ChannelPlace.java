package io.vnfkit.dpdk.channel;

/**
 * Where a packet channel lies in a file that several processes map. All offsets are from the start of the file. Immutable
 * and thread-safe.
 *
 * <p>A channel has two rings, laid out as DPDK's {@code rte_ring} with one producer and one consumer, whose elements are
 * descriptors: offset of a packet in bits 0 to 39, its length in bits 40 to 55. One ring takes packets to the receiver, the
 * other one takes them back, each exactly as it came. The buffers are the sender's, but packets may lie anywhere behind
 * {@code firstObject}, such as in the buffers of another channel.
 *
 * @param descriptor of the file, open for reading and writing; used while a forwarding core starts
 * @param size of the file in bytes
 * @param pageSize of its pages: network cards reach packets on hugepages only
 * @param firstObject packets lie from here on: a multiple of 2048
 * @param packets the ring of packets, at a cache line
 * @param returned the ring of packets that come back, at a cache line
 * @param slots of each ring: a power of two, more than there are buffers
 * @param cacheLine what the rings are laid out for, 64 or 128
 * @param buffers the first buffer: a multiple of 2048
 * @param bufferSize bytes of a buffer, 128 of headroom included: a multiple of 2048, up to 63488
 * @param bufferCount number of buffers
 */
public record ChannelPlace(int descriptor, long size, long pageSize, long firstObject, long packets, long returned,
        int slots, int cacheLine, long buffers, int bufferSize, int bufferCount) {

    /** What buffers begin at and have a multiple of: an offset divided by it tells buffers apart. */
    public static final int BUFFER_UNIT = 2048;

    /** The largest buffer: an mbuf counts in 16 bits. */
    public static final int MAX_BUFFER = 31 * BUFFER_UNIT;

    /** Room in front of a packet: RTE_PKTMBUF_HEADROOM. */
    public static final int HEADROOM = 128;

    private static final int MAX_SLOTS = 1 << 24;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the forwarding core could not use such a channel
     */
    public ChannelPlace {
        require(cacheLine == 64 || cacheLine == 128, "cache lines have 64 or 128 bytes, not " + cacheLine);
        require(slots >= 2 && slots <= MAX_SLOTS && Integer.bitCount(slots) == 1,
                "rings have a power of two of slots, up to " + MAX_SLOTS + ", not " + slots);
        require(bufferSize >= BUFFER_UNIT && bufferSize <= MAX_BUFFER && bufferSize % BUFFER_UNIT == 0,
                "buffers have a multiple of " + BUFFER_UNIT + " bytes up to " + MAX_BUFFER + ", not " + bufferSize);
        require(bufferCount >= 1 && bufferCount < slots,
                bufferCount + " buffers, but rings of " + slots + " slots are for 1 to " + (slots - 1));
        require(firstObject % BUFFER_UNIT == 0 && buffers % BUFFER_UNIT == 0,
                "packets from " + firstObject + " and buffers at " + buffers + " are not at multiples of " + BUFFER_UNIT);
        require(packets % 64 == 0 && returned % 64 == 0,
                "rings at " + packets + " and " + returned + " are not at cache lines");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("no packet channel: " + problem);
        }
    }

    /**
     * The longest packet that fits a buffer.
     *
     * @return bytes
     */
    public int maxLength() {
        return bufferSize - HEADROOM;
    }
}
