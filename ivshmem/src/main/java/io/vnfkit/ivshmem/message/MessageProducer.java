package io.vnfkit.ivshmem.message;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The side of a message ring that puts messages in.
 *
 * <pre>{@code
 * boolean sent = producer.offer(TYPE, bytes, 0, bytes.length);    // false: full
 * if (producer.claim(12)) {                                       // without a copy
 *     producer.claimed().putInt(1).putLong(2);
 *     producer.commit(TYPE);
 * }
 * }</pre>
 *
 * <p>Memory order: a message is stored plainly, then a header of 0 behind it, then its own header with release order,
 * which publishes it. The consumer loads headers with acquire order. Room that it frees is seen by an acquire load of its
 * position, which is made only when the room known so far is used up.
 *
 * <p>A message is offered at most once: when a producer was killed in the middle of an offer, the message is there, whole,
 * or not at all.
 *
 * <p>Not thread-safe: one thread at a time, and one producer per ring among all processes. Nothing is allocated.
 */
public final class MessageProducer implements AutoCloseable {

    private static final int NO_ROOM = -1;

    private final ByteBuffer memory;
    private final ByteBuffer claimed;
    private final MessageGeometry geometry;
    private final Role role;
    private final int capacity;
    private final int mask;
    private final int maxMessage;
    private long tail;
    private long end;
    private boolean isClaimed;

    /**
     * Takes over the producer's side: goes along the messages that the consumer has not read, each of which is checked,
     * to where the next one goes. What an earlier producer had not published when it died is forgotten.
     *
     * @param memory the ring, at a multiple of 8
     * @param geometry its layout, from a source that a peer cannot change
     * @param role the side that this process holds; it is given up with this object
     * @throws DamagedRegionException if the ring in memory is another one, or its records contradict each other
     */
    public MessageProducer(ByteBuffer memory, MessageGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.claimed = memory.duplicate().order(ByteOrder.nativeOrder());
        this.geometry = geometry;
        this.role = role;
        this.capacity = geometry.capacity();
        this.mask = geometry.mask();
        this.maxMessage = geometry.maxMessage();
        this.tail = MessageGeometry.checkedHead(memory);
        this.end = geometry.end(tail);
        goToEnd();
    }

    private void goToEnd() {
        long header;
        while ((header = SharedWords.longAcquire(memory, indexOf(tail))) != 0) {
            tail += geometry.checkedSize(header, tail, end);
        }
    }

    private int indexOf(long position) {
        return MessageGeometry.RECORDS_AT + ((int) position & mask);
    }

    /**
     * Puts in a message.
     *
     * @param type what it is: not negative
     * @param source its bytes, before its limit; its position does not matter, and neither changes
     * @param from index of the first byte
     * @param length its length, at most {@link #maxMessage}
     * @return false if there is no room now
     * @throws IllegalArgumentException if it is too long or the type negative
     * @throws IndexOutOfBoundsException if the bytes do not lie in the source
     * @throws IllegalStateException if a claim is open
     * @throws DamagedRegionException if the consumer's position is impossible
     */
    public boolean offer(int type, ByteBuffer source, int from, int length) {
        requireMessage(type, length);
        int at = place(MessageGeometry.recordSize(length));
        if (at == NO_ROOM) {
            return false;
        }
        memory.put(at + MessageGeometry.HEADER, source, from, length);
        publish(at, type, length);
        return true;
    }

    /**
     * Puts in a message.
     *
     * @param type what it is: not negative
     * @param source its bytes
     * @param from index of the first byte
     * @param length its length, at most {@link #maxMessage}
     * @return false if there is no room now
     * @throws IllegalArgumentException if it is too long or the type negative
     * @throws IndexOutOfBoundsException if the bytes do not lie in the source
     * @throws IllegalStateException if a claim is open
     * @throws DamagedRegionException if the consumer's position is impossible
     */
    public boolean offer(int type, byte[] source, int from, int length) {
        requireMessage(type, length);
        int at = place(MessageGeometry.recordSize(length));
        if (at == NO_ROOM) {
            return false;
        }
        memory.put(at + MessageGeometry.HEADER, source, from, length);
        publish(at, type, length);
        return true;
    }

    private void requireMessage(int type, int length) {
        if (type < 0 || length < 0 || length > maxMessage || isClaimed) {
            refuse(type, length);
        }
    }

    private void refuse(int type, int length) {
        if (isClaimed) {
            throw new IllegalStateException("the message that was claimed is to be committed or aborted first");
        }
        throw new IllegalArgumentException(type < 0 ? "the type of a message is not negative: " + type
                : "messages of this ring have 0 to " + maxMessage + " bytes, not " + length);
    }

    /** Finds room for a record and the header of 0 behind it. */
    private int place(int size) {
        int at = (int) tail & mask;
        if (size > capacity - at) {
            return placeAtStart(size, capacity - at);
        }
        if (tail + size > end && !hasRoom(size)) {
            return NO_ROOM;
        }
        return MessageGeometry.RECORDS_AT + at;
    }

    private int placeAtStart(int size, int left) {
        if (tail + left + size > end && !hasRoom(left + size)) {
            return NO_ROOM;
        }
        publish(indexOf(tail), MessageGeometry.PADDING, left - MessageGeometry.HEADER);
        return MessageGeometry.RECORDS_AT;
    }

    private boolean hasRoom(int size) {
        loadHead();
        return tail + size <= end;
    }

    private long loadHead() {
        long head = SharedWords.longAcquire(memory, MessageGeometry.HEAD_AT);
        if (head - tail > 0 || tail - head > capacity || geometry.end(head) - end < 0) {
            throw new DamagedRegionException("the consumer of the message ring is said to be at position " + head
                    + " where the producer is at " + tail + " and the consumer was at " + (end - geometry.end(0)));
        }
        end = geometry.end(head);
        return head;
    }

    private void publish(int at, int type, int length) {
        long next = tail + MessageGeometry.recordSize(length);
        SharedWords.longOpaque(memory, indexOf(next), 0);
        SharedWords.longRelease(memory, at, MessageGeometry.header(type, length));
        tail = next;
    }

    /**
     * Finds room for a message that is then written in place into {@link #claimed}. Nobody sees it before
     * {@link #commit}; a producer that dies before leaves nothing behind.
     *
     * @param length its length, at most {@link #maxMessage}
     * @return false if there is no room now
     * @throws IllegalArgumentException if it is too long
     * @throws IllegalStateException if a claim is open already
     * @throws DamagedRegionException if the consumer's position is impossible
     */
    public boolean claim(int length) {
        requireMessage(0, length);
        int at = place(MessageGeometry.recordSize(length));
        if (at == NO_ROOM) {
            return false;
        }
        int first = at + MessageGeometry.HEADER;
        claimed.limit(first + length).position(first);
        isClaimed = true;
        return true;
    }

    /**
     * The message that is claimed, from the position to the limit as {@link #claim} has left them, in native byte order.
     * What it holds before it is written is anything. Always the same object.
     *
     * @return the buffer; it reaches over the whole ring, so write between these two indexes only
     * @throws IllegalStateException if nothing is claimed
     */
    public ByteBuffer claimed() {
        requireClaim();
        return claimed;
    }

    private void requireClaim() {
        if (!isClaimed) {
            throw new IllegalStateException("no message is claimed");
        }
    }

    /**
     * Publishes the message that is claimed, as long as it was claimed, however much was written.
     *
     * @param type what it is: not negative
     * @throws IllegalArgumentException if the type is negative; the claim stays open
     * @throws IllegalStateException if nothing is claimed
     */
    public void commit(int type) {
        requireClaim();
        if (type < 0) {
            throw new IllegalArgumentException("the type of a message is not negative: " + type);
        }
        isClaimed = false;
        int at = indexOf(tail);
        publish(at, type, claimed.limit() - at - MessageGeometry.HEADER);
    }

    /**
     * Gives the claim up; its room is free again.
     *
     * @throws IllegalStateException if nothing is claimed
     */
    public void abort() {
        requireClaim();
        isClaimed = false;
    }

    /**
     * Where the consumer is: bytes of messages, headers and padding that it has done with since the ring was made.
     *
     * @return its position
     * @throws DamagedRegionException if it is impossible
     */
    public long consumerPosition() {
        return loadHead();
    }

    /**
     * Where this producer is. When {@link #consumerPosition} has come here, the consumer has done with all that was sent.
     *
     * @return its position, in the same unit
     */
    public long position() {
        return tail;
    }

    /**
     * The longest message.
     *
     * @return bytes
     */
    public int maxMessage() {
        return maxMessage;
    }

    /**
     * Tells whether the other side is there: a system call, so not for every message.
     *
     * @return false if there is no consumer, or it has ended
     */
    public boolean isPeerPresent() {
        return role.isPeerPresent();
    }

    /** Gives this side up. A claim that is open is given up too. Idempotent. */
    @Override
    public void close() {
        role.close();
    }
}
