package io.vnfkit.ivshmem.ring;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The layout of a struct rte_ring and the table behind it, as in DPDK's rte_ring_core.h. Immutable and thread-safe.
 *
 * <p>With C for the size of a cache line (RTE_CACHE_LINE_SIZE), and each 32 bits wide but for the pointer:
 *
 * <pre>
 *   0 name[29]   32 flags   40 pointer to the memzone, 0 here
 *  48 size       52 mask    56 capacity
 *  2C prod.head  2C+4 prod.tail  2C+8 prod.sync_type
 *  4C cons.head  4C+4 cons.tail  4C+8 cons.sync_type
 *  6C the elements
 * </pre>
 *
 * @param elementSize bytes of an element: 8, or another multiple of 8 up to 64
 * @param size slots, a power of two
 * @param capacity elements it holds: one less than the size
 * @param cacheLine 64 or 128
 */
public record RingGeometry(int elementSize, int size, int capacity, int cacheLine) {

    static final int FLAGS_AT = 32;
    static final int SIZE_AT = 48;
    static final int MASK_AT = 52;
    static final int CAPACITY_AT = 56;
    /** RING_F_SP_ENQ | RING_F_SC_DEQ. */
    static final int SINGLE_SINGLE = 3;
    /** RTE_RING_SYNC_ST. */
    static final int SYNC_SINGLE = 1;
    private static final int MAX_NAME = 28;
    private static final int MAX_SIZE = 1 << 24;

    /** Checks the numbers. */
    public RingGeometry {
        if (elementSize < 8 || elementSize > 64 || elementSize % 8 != 0) {
            throw new IllegalArgumentException("elements have 8, 16, ... 64 bytes, not " + elementSize);
        }
        if (size < 2 || size > MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("a ring has a power of two of slots up to " + MAX_SIZE + ", not " + size);
        }
        if (capacity != size - 1) {
            throw new IllegalArgumentException("a ring of " + size + " slots holds " + (size - 1) + ", not " + capacity);
        }
        if (cacheLine != 64 && cacheLine != 128) {
            throw new IllegalArgumentException("DPDK is built for cache lines of 64 or 128 bytes, not " + cacheLine);
        }
    }

    /**
     * A ring for at least so many elements.
     *
     * @param elements how many it has to hold
     * @param elementSize bytes of an element
     * @param cacheLine 64 or 128
     * @return the smallest that does
     */
    public static RingGeometry holding(int elements, int elementSize, int cacheLine) {
        if (elements < 1 || elements >= MAX_SIZE) {
            throw new IllegalArgumentException("a ring holds 1 to " + (MAX_SIZE - 1) + " elements, not " + elements);
        }
        int size = Math.max(2, Integer.highestOneBit(elements) << 1);
        return new RingGeometry(elementSize, size, size - 1, cacheLine);
    }

    /**
     * Memory that it takes.
     *
     * @return bytes: what rte_ring_get_memsize_elem says in DPDK 26.07, which is a cache line more than in 22.11
     */
    public int length() {
        return (tableAt() + size * elementSize + cacheLine - 1 & -cacheLine) + cacheLine;
    }

    int mask() {
        return size - 1;
    }

    int producerHeadAt() {
        return 2 * cacheLine;
    }

    int producerTailAt() {
        return 2 * cacheLine + 4;
    }

    int consumerHeadAt() {
        return 4 * cacheLine;
    }

    int consumerTailAt() {
        return 4 * cacheLine + 4;
    }

    int tableAt() {
        return 6 * cacheLine;
    }

    /** Both indexes of a side that is in the middle of nothing, as one word; the byte order makes no difference. */
    static long headAndTail(int index) {
        return (index & 0xffff_ffffL) * 0x1_0000_0001L;
    }

    /** The words of the elements: copying many at once is several times as fast as one after the other. */
    LongBuffer table(ByteBuffer memory) {
        return memory.slice(tableAt(), size * elementSize).order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    /**
     * Makes an empty ring, as rte_ring_init does.
     *
     * @param memory as long as {@link #length}, at a cache line, of zeros
     * @param name shown by rte_ring_dump; cut after 28 bytes
     */
    public void initialize(ByteBuffer memory, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        memory.put(0, bytes, 0, Math.min(bytes.length, MAX_NAME));
        memory.putInt(FLAGS_AT, SINGLE_SINGLE);
        memory.putInt(SIZE_AT, size).putInt(MASK_AT, mask()).putInt(CAPACITY_AT, capacity);
        memory.putInt(producerHeadAt() + 8, SYNC_SINGLE).putInt(consumerHeadAt() + 8, SYNC_SINGLE);
    }

    /**
     * Compares the ring in memory with what the directory says of it. Afterwards only these private numbers are used.
     *
     * @param memory the ring
     * @throws DamagedRegionException if they differ
     */
    public void verify(ByteBuffer memory) {
        verify(memory, "size", SIZE_AT, size);
        verify(memory, "mask", MASK_AT, mask());
        verify(memory, "capacity", CAPACITY_AT, capacity);
        verify(memory, "prod.sync_type", producerHeadAt() + 8, SYNC_SINGLE);
        verify(memory, "cons.sync_type", consumerHeadAt() + 8, SYNC_SINGLE);
    }

    /**
     * How many elements were ever put in, less a multiple of 2^32.
     *
     * @param memory the ring
     * @return prod.tail
     */
    public int produced(ByteBuffer memory) {
        return SharedWords.intAcquire(memory, producerTailAt());
    }

    /**
     * How many elements were ever taken out, less a multiple of 2^32.
     *
     * @param memory the ring
     * @return cons.tail
     */
    public int consumed(ByteBuffer memory) {
        return SharedWords.intAcquire(memory, consumerTailAt());
    }

    /**
     * Empties a ring that nobody uses: the caller holds both of its sides. The producer's indexes are stored first, so if
     * the caller dies in between, the ring holds elements up to there.
     *
     * @param memory the ring
     * @param index where both sides go on: at most the capacity beyond what was taken out
     */
    public void reset(ByteBuffer memory, int index) {
        for (int at : new int[] {producerHeadAt(), producerTailAt(), consumerHeadAt(), consumerTailAt()}) {
            SharedWords.intRelease(memory, at, index);
        }
    }

    private static void verify(ByteBuffer memory, String what, int at, int expected) {
        int found = memory.getInt(at);
        if (found != expected) {
            throw new DamagedRegionException("the ring has " + what + " " + found + ", not " + expected);
        }
    }
}
