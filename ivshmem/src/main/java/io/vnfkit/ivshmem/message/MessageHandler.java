package io.vnfkit.ivshmem.message;

import java.nio.ByteBuffer;

/** What becomes of a message. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Takes one message. The bytes are valid until this returns. Its buffer's position and limit say nothing; use the
     * methods with an index, in the machine's byte order.
     *
     * @param type what the producer said it is
     * @param memory holds the message, and more: only the bytes named by the next two are meant
     * @param offset index of its first byte
     * @param length its length in bytes
     */
    void onMessage(int type, ByteBuffer memory, int offset, int length);
}
