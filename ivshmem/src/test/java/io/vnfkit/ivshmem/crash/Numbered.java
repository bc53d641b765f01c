package io.vnfkit.ivshmem.crash;

import java.nio.ByteBuffer;

/** Messages that tell which one they are, and whether they are whole. */
public final class Numbered {

    private final int longest;

    /** Messages of 8 to so many bytes. */
    public Numbered(int longest) {
        this.longest = longest;
    }

    public byte[] message(long number) {
        byte[] message = new byte[Long.BYTES + (int) (number * 13 % (longest - Long.BYTES + 1))];
        ByteBuffer.wrap(message).putLong(0, number);
        for (int i = Long.BYTES; i < message.length; i++) {
            message[i] = (byte) (number * 31 + i);
        }
        return message;
    }

    /** The number of a message, after all of its bytes were looked at. */
    public long numberOf(byte[] message) {
        long number = message.length < Long.BYTES ? -1 : ByteBuffer.wrap(message).getLong(0);
        if (number < 0 || !java.util.Arrays.equals(message, message(number))) {
            throw new AssertionError("a message of " + message.length + " bytes is not what number " + number + " was");
        }
        return number;
    }
}
