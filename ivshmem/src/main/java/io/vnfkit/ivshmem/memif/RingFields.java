package io.vnfkit.ivshmem.memif;

/** Where what lies in a ring and its descriptors. */
final class RingFields {

    static final int COOKIE = 0x03e31f20;
    static final int COOKIE_AT = 0;
    static final int FLAGS_AT = 4;
    static final int HEAD_AT = 6;
    /** Of the ring: the receiver polls, nobody need wake it. */
    static final int MASK_INTERRUPTS = 1;

    static final int DESCRIPTOR_BYTES = 16;
    static final int OFFSET_AT = 8;
    /** Of a descriptor: the packet goes on in the next one. */
    static final int NEXT = 1;

    static final int HIGHEST_LOG2 = 14;

    private RingFields() {}

    /** The first eight bytes of a descriptor. */
    static long word(int flags, int region, int length) {
        return flags & 0xffffL | (region & 0xffffL) << 16 | (long) length << 32;
    }

    static boolean isContinued(long word) {
        return (word & NEXT) != 0;
    }

    static int region(long word) {
        return (int) (word >>> 16) & 0xffff;
    }

    /** Unsigned. */
    static long length(long word) {
        return word >>> 32;
    }
}
