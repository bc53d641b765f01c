package io.vnfkit.ivshmem.message;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;

/**
 * The layout of a message ring, in native byte order. Offsets in bytes:
 *
 * <pre>
 *    0  u64  magic "VNFKITMR", stored last and with release order
 *    8  u32  layout version 1   12  u32  capacity
 *  128  u64  the consumer's position: bytes that it has done with since the ring was made
 *  256  the records, at multiples of 8:
 *         0 u32 length of the message + 8, or 0 where no record is yet   4 u32 type, or ffffffff for padding
 *         8 the message, and padding to a multiple of 8
 * </pre>
 *
 * <p>The 8 bytes of a record's header are stored and loaded as one word. There is no position of the producer: it is
 * where the chain of records, from the consumer's position on, comes to a header of 0. So the producer stores a 0 behind
 * a record before it stores the header that publishes it. A record does not go over the end of the ring: padding up to
 * there comes before it. Immutable and thread-safe.
 *
 * @param capacity bytes for records: a power of two, 1 KiB to 1 GiB
 */
public record MessageGeometry(int capacity) {

    /** The smallest capacity. */
    public static final int MIN_CAPACITY = 1 << 10;
    /** The largest capacity. */
    public static final int MAX_CAPACITY = 1 << 30;

    static final int HEADER = 8;
    static final int PADDING = -1;
    static final int HEAD_AT = 128;
    static final int RECORDS_AT = 256;
    private static final long MAGIC = 0x524d_5449_4b46_4e56L;
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int CAPACITY_AT = 12;

    /** Checks the capacity. */
    public MessageGeometry {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("a message ring has a power of two of bytes from " + MIN_CAPACITY + " to "
                    + MAX_CAPACITY + ", not " + capacity);
        }
    }

    /**
     * A ring with room for at least so many bytes. A message takes 8 more than it has, rounded up to a multiple of 8.
     *
     * @param bytes how many it has to hold
     * @return the smallest that does
     */
    public static MessageGeometry holding(long bytes) {
        if (bytes < 1 || bytes > MAX_CAPACITY) {
            throw new IllegalArgumentException("a message ring holds 1 to " + MAX_CAPACITY + " bytes, not " + bytes);
        }
        long power = Long.highestOneBit(bytes);
        return new MessageGeometry((int) Math.max(MIN_CAPACITY, power == bytes ? power : power << 1));
    }

    /**
     * The longest message.
     *
     * @return bytes: an eighth of the capacity
     */
    public int maxMessage() {
        return capacity / 8;
    }

    /**
     * Memory that it takes.
     *
     * @return bytes
     */
    public int length() {
        return RECORDS_AT + capacity;
    }

    int mask() {
        return capacity - 1;
    }

    /** Bytes that a record takes, its header included. */
    static int recordSize(int length) {
        return length + HEADER + 7 & -8;
    }

    static long header(int type, int length) {
        return (long) type << 32 | length + HEADER;
    }

    /** What has to stay free for the header of 0 behind the last record. */
    long end(long head) {
        return head + capacity - HEADER;
    }

    /**
     * The number of bytes from a header to the next one, after all that can be checked about it was: a peer may have
     * written anything there.
     *
     * @param header as it was loaded, once
     * @param position where it is
     * @param end where no record reaches beyond
     */
    int checkedSize(long header, long position, long end) {
        int message = (int) header - HEADER;
        int left = capacity - ((int) position & mask());
        if (message < 0 || message > maxMessage()) {
            throw damaged(position, "has length " + (message + HEADER) + ", which is not within " + HEADER + " and "
                    + (maxMessage() + HEADER));
        }
        int size = recordSize(message);
        boolean isPadding = (int) (header >>> 32) == PADDING;
        if (size > left || isPadding && size != left) {
            throw damaged(position, "takes " + size + " bytes, but " + left + " are left to the end of the ring"
                    + (isPadding ? ", which padding fills" : ""));
        }
        if (position + size - end > 0) {
            throw damaged(position, "reaches to " + (position + size) + ", but the producer has room to " + end);
        }
        return size;
    }

    private static DamagedRegionException damaged(long position, String how) {
        return new DamagedRegionException("the record at position " + position + " of the message ring " + how);
    }

    /**
     * Makes an empty ring.
     *
     * @param memory as long as {@link #length}, at a multiple of 8, of zeros
     */
    public void initialize(ByteBuffer memory) {
        SharedWords.intOpaque(memory, VERSION_AT, VERSION);
        SharedWords.intOpaque(memory, CAPACITY_AT, capacity);
        SharedWords.longRelease(memory, 0, MAGIC);
    }

    /**
     * Compares the ring in memory with what the directory says of it. Afterwards only this private number is used.
     *
     * @param memory the ring
     * @throws DamagedRegionException if they differ
     */
    public void verify(ByteBuffer memory) {
        long magic = SharedWords.longAcquire(memory, 0);
        if (magic != MAGIC) {
            throw new DamagedRegionException(String.format("no message ring: it begins with 0x%016x, not 0x%016x", magic,
                    MAGIC));
        }
        verify("layout version", SharedWords.intOpaque(memory, VERSION_AT), VERSION);
        verify("capacity", SharedWords.intOpaque(memory, CAPACITY_AT), capacity);
    }

    private static void verify(String what, int found, int expected) {
        if (found != expected) {
            throw new DamagedRegionException("the message ring has " + what + " " + found + ", not " + expected);
        }
    }

    /** The consumer's position, which has to be a place where a record can begin. */
    static long checkedHead(ByteBuffer memory) {
        long head = SharedWords.longAcquire(memory, HEAD_AT);
        if (head < 0 || head % HEADER != 0) {
            throw new DamagedRegionException("the consumer of the message ring is said to be at position " + head
                    + ", which is no multiple of " + HEADER);
        }
        return head;
    }
}
