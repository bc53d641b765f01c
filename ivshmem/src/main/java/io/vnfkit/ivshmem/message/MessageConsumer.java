package io.vnfkit.ivshmem.message;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The side of a message ring that takes messages out.
 *
 * <pre>{@code
 * int count = consumer.read((type, memory, offset, length) -> handle(memory.getLong(offset)), 64);
 * }</pre>
 *
 * <p>Memory order: each header is loaded once, with acquire order, before the message behind it is read; the position is
 * stored with release order once for a batch, after all its messages were handled.
 *
 * <p>Each message is delivered at least once: when a consumer was killed, its successor begins at the last position that
 * was published, so the messages of the batch it was in come again.
 *
 * <p>A message is what the producer wrote there: a hostile one can write anything, also while it is read. No handler is
 * given bytes outside the ring. Copy what is checked before it is used. A call handles no more messages than it was asked
 * for, whatever is in the ring.
 *
 * <p>Not thread-safe: one thread at a time, and one consumer per ring among all processes. Nothing is allocated.
 */
public final class MessageConsumer implements AutoCloseable {

    private final ByteBuffer memory;
    private final ByteBuffer shown;
    private final MessageGeometry geometry;
    private final Role role;
    private final int mask;
    private long head;

    /**
     * Takes over the consumer's side, at the last position that was published.
     *
     * @param memory the ring, at a multiple of 8
     * @param geometry its layout, from a source that a peer cannot change
     * @param role the side that this process holds; it is given up with this object
     * @throws DamagedRegionException if the ring in memory is another one, or the position is none
     */
    public MessageConsumer(ByteBuffer memory, MessageGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.shown = memory.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        this.geometry = geometry;
        this.role = role;
        this.mask = geometry.mask();
        this.head = MessageGeometry.checkedHead(memory);
    }

    /**
     * Handles the messages that are there, and then gives their room back to the producer, all at once.
     *
     * @param handler what becomes of each. If it throws, that message counts as handled and the exception goes to the
     *     caller
     * @param limit how many messages at most
     * @return how many were handled
     * @throws DamagedRegionException if a record cannot be; messages before it were handled, and it stays
     */
    public int read(MessageHandler handler, int limit) {
        long end = geometry.end(head);
        long position = head;
        int count = 0;
        try {
            while (count < limit) {
                int at = MessageGeometry.RECORDS_AT + ((int) position & mask);
                long header = SharedWords.longAcquire(memory, at);
                if (header == 0) {
                    break;
                }
                position += geometry.checkedSize(header, position, end);
                int type = (int) (header >>> 32);
                // There is one padding at most in each lap, and a batch is shorter than one.
                if (type != MessageGeometry.PADDING) {
                    count++;
                    handler.onMessage(type, shown, at + MessageGeometry.HEADER, (int) header - MessageGeometry.HEADER);
                }
            }
        } finally {
            if (position != head) {
                head = position;
                SharedWords.longRelease(memory, MessageGeometry.HEAD_AT, position);
            }
        }
        return count;
    }

    /**
     * Tells whether there is nothing to read.
     *
     * @return true if so
     */
    public boolean isEmpty() {
        long header = SharedWords.longAcquire(memory, MessageGeometry.RECORDS_AT + ((int) head & mask));
        boolean isPadding = header != 0 && (int) (header >>> 32) == MessageGeometry.PADDING;
        return header == 0 || isPadding && SharedWords.longAcquire(memory, MessageGeometry.RECORDS_AT) == 0;
    }

    /**
     * Where this consumer is: bytes of messages, headers and padding that it has done with since the ring was made.
     *
     * @return its position
     */
    public long position() {
        return head;
    }

    /**
     * The longest message.
     *
     * @return bytes
     */
    public int maxMessage() {
        return geometry.maxMessage();
    }

    /**
     * Tells whether the other side is there: a system call, so not for every message.
     *
     * @return false if there is no producer, or it has ended
     */
    public boolean isPeerPresent() {
        return role.isPeerPresent();
    }

    /** Gives this side up. Idempotent. */
    @Override
    public void close() {
        role.close();
    }
}
