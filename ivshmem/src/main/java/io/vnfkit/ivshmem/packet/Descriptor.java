package io.vnfkit.ivshmem.packet;

/**
 * What passes over a ring for a packet: 64 bits, so that one load takes it whole and nothing can change between check
 * and use.
 *
 * <pre>
 * bits  0 to 39  offset of the packet's first byte from the start of the region
 * bits 40 to 55  its length in bytes
 * bits 56 to 63  0
 * </pre>
 *
 * <p>Stateless and thread-safe.
 */
public final class Descriptor {

    /** The longest packet. */
    public static final int MAX_LENGTH = 0xffff;

    private static final int LENGTH_SHIFT = 40;
    private static final int UNUSED_SHIFT = 56;
    private static final long OFFSET_MASK = (1L << LENGTH_SHIFT) - 1;

    private Descriptor() {}

    /**
     * Makes a descriptor.
     *
     * @param offset where the packet begins, from the start of the region
     * @param length its length
     * @return the descriptor
     * @throws IllegalArgumentException if it does not fit
     */
    public static long of(long offset, int length) {
        if (offset < 0 || offset > OFFSET_MASK || length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("no descriptor takes " + length + " bytes at " + offset);
        }
        return offset | (long) length << LENGTH_SHIFT;
    }

    /**
     * Where the packet begins.
     *
     * @param descriptor a descriptor
     * @return offset from the start of the region
     */
    public static long offset(long descriptor) {
        return descriptor & OFFSET_MASK;
    }

    /**
     * Its length.
     *
     * @param descriptor a descriptor
     * @return bytes
     */
    public static int length(long descriptor) {
        return (int) (descriptor >>> LENGTH_SHIFT) & MAX_LENGTH;
    }

    /** Whether it lies between two offsets, and no bit is set that has no meaning. */
    static boolean isWithin(long descriptor, long from, long to) {
        long offset = offset(descriptor);
        return descriptor >>> UNUSED_SHIFT == 0 && offset >= from && offset + length(descriptor) <= to;
    }

    static String show(long descriptor) {
        return String.format("0x%016x (offset %d, %d bytes)", descriptor, offset(descriptor), length(descriptor));
    }
}
