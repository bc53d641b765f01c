package io.vnfkit.examples.shared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A packet that is its number, again and again, so that one that was torn or comes from elsewhere is seen. */
final class Numbered {

    private static final int LENGTH = 64;

    private Numbered() {}

    static byte[] packet(long number) {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer words = ByteBuffer.wrap(bytes);
        while (words.hasRemaining()) {
            words.putLong(number);
        }
        return bytes;
    }

    /** Its number; throws if it is not whole. */
    static long numberOf(ByteBuffer packet) {
        ByteBuffer words = packet.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (words.limit() != LENGTH) {
            throw new IllegalStateException("a packet has " + words.limit() + " bytes, not " + LENGTH);
        }
        long number = words.getLong(0);
        for (int at = 0; at < LENGTH; at += Long.BYTES) {
            if (words.getLong(at) != number) {
                throw new IllegalStateException("packet " + number + " is not whole");
            }
        }
        return number;
    }
}
