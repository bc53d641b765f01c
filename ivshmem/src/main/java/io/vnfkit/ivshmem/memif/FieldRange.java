package io.vnfkit.ivshmem.memif;

/** What fits into an unsigned field of a message. */
final class FieldRange {

    private FieldRange() {}

    static void require8(String what, int value) {
        require(what, value, 0xff);
    }

    static void require16(String what, int value) {
        require(what, value, 0xffff);
    }

    static void require32(String what, long value) {
        require(what, value, 0xffff_ffffL);
    }

    private static void require(String what, long value, long highest) {
        if (value < 0 || value > highest) {
            throw new IllegalArgumentException(what + " of a memif message is 0 to " + highest + ", not " + value);
        }
    }
}
