package io.vnfkit.ivshmem.broadcast;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;

/**
 * The layout of a broadcast, in native byte order. Offsets in bytes; positions count bytes since it was made:
 *
 * <pre>
 *    0  u64  magic "VNFKITBC", stored last and with release order
 *    8  u32  layout version 1   12  u32  capacity
 *  128  u64  intent: what lies before this position less the capacity may be overwritten already
 *  256  u64  tail: what lies before this position is written
 *  264  u64  latest: where the newest message begins; stored after the tail
 *  384  the records, at multiples of 16:
 *         0 u32 length of the message + 16, of padding that to the end   4 u32 type, or ffffffff for padding
 *         8 u64 number of the message, from 0; of padding, that of the message behind it
 *        16 the message, and padding to a multiple of 16
 * </pre>
 *
 * <p>A record does not go over the end: padding up to there comes before it. Immutable and thread-safe.
 *
 * @param capacity bytes for records: a power of two, 1 KiB to 1 GiB
 */
public record BroadcastGeometry(int capacity) {

    /** The smallest capacity. */
    public static final int MIN_CAPACITY = 1 << 10;
    /** The largest capacity. */
    public static final int MAX_CAPACITY = 1 << 30;

    static final int HEADER = 16;
    static final int NUMBER = 8;
    static final int ALIGNMENT = 16;
    static final int PADDING = -1;
    static final int INTENT_AT = 128;
    static final int TAIL_AT = 256;
    static final int LATEST_AT = 264;
    static final int RECORDS_AT = 384;
    private static final long MAGIC = 0x4342_5449_4b46_4e56L;
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int CAPACITY_AT = 12;

    /** Checks the capacity. */
    public BroadcastGeometry {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("a broadcast has a power of two of bytes from " + MIN_CAPACITY + " to "
                    + MAX_CAPACITY + ", not " + capacity);
        }
    }

    /**
     * A broadcast of which a reader may be behind by at least so many bytes. A message takes 16 more than it has, rounded
     * up to a multiple of 16.
     *
     * @param bytes how many it has to hold
     * @return the smallest that does
     */
    public static BroadcastGeometry holding(long bytes) {
        if (bytes < 1 || bytes > MAX_CAPACITY) {
            throw new IllegalArgumentException("a broadcast holds 1 to " + MAX_CAPACITY + " bytes, not " + bytes);
        }
        long power = Long.highestOneBit(bytes);
        return new BroadcastGeometry((int) Math.max(MIN_CAPACITY, power == bytes ? power : power << 1));
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

    int indexOf(long position) {
        return RECORDS_AT + ((int) position & capacity - 1);
    }

    /** Bytes from a position to the end of the ring. */
    int left(long position) {
        return capacity - ((int) position & capacity - 1);
    }

    /** Bytes that a record takes, its header included. */
    static int recordSize(int length) {
        return length + HEADER + ALIGNMENT - 1 & -ALIGNMENT;
    }

    static long header(int type, int length) {
        return (long) type << 32 | length + HEADER;
    }

    static int typeOf(long header) {
        return (int) (header >>> 32);
    }

    static int messageLength(long header) {
        return (int) header - HEADER;
    }

    /**
     * The number of bytes from a header to the next one, after all that can be checked about it was: it may have been
     * written by anybody. Only for a header that was not overwritten while it was loaded.
     *
     * @param header as it was loaded, once
     * @param position where it is
     * @param tail where no record reaches beyond
     */
    int checkedSize(long header, long position, long tail) {
        int left = left(position);
        int size = typeOf(header) == PADDING ? left : checkedMessage(header, position);
        if (size > left || position + size - tail > 0) {
            throw damaged(position, "takes " + size + " bytes, but " + Math.min(left, tail - position) + " are left");
        }
        return size;
    }

    private int checkedMessage(long header, long position) {
        int length = messageLength(header);
        if (length < 0 || length > maxMessage()) {
            throw damaged(position, "has length " + (length + HEADER) + ", which is not within " + HEADER + " and "
                    + (maxMessage() + HEADER));
        }
        return recordSize(length);
    }

    static DamagedRegionException damaged(long position, String how) {
        return new DamagedRegionException("the record at position " + position + " of the broadcast " + how);
    }

    /** The writer's tail or the place of the newest message, which have to be where a record can begin. */
    static long checkedPosition(ByteBuffer memory, int at, String what) {
        long position = SharedWords.longAcquire(memory, at);
        if (position < 0 || position % ALIGNMENT != 0) {
            throw new DamagedRegionException("the " + what + " of the broadcast is said to be at position " + position
                    + ", which is no multiple of " + ALIGNMENT);
        }
        return position;
    }

    /**
     * Makes one without messages.
     *
     * @param memory as long as {@link #length}, at a multiple of 8, of zeros
     */
    public void initialize(ByteBuffer memory) {
        SharedWords.intOpaque(memory, VERSION_AT, VERSION);
        SharedWords.intOpaque(memory, CAPACITY_AT, capacity);
        SharedWords.longRelease(memory, 0, MAGIC);
    }

    /**
     * Compares the broadcast in memory with what the directory says of it. Afterwards only this private number is used.
     *
     * @param memory the broadcast
     * @throws DamagedRegionException if they differ
     */
    public void verify(ByteBuffer memory) {
        long magic = SharedWords.longAcquire(memory, 0);
        if (magic != MAGIC) {
            throw new DamagedRegionException(String.format("no broadcast: it begins with 0x%016x, not 0x%016x", magic, MAGIC));
        }
        verify("layout version", SharedWords.intOpaque(memory, VERSION_AT), VERSION);
        verify("capacity", SharedWords.intOpaque(memory, CAPACITY_AT), capacity);
    }

    private static void verify(String what, int found, int expected) {
        if (found != expected) {
            throw new DamagedRegionException("the broadcast has " + what + " " + found + ", not " + expected);
        }
    }
}
