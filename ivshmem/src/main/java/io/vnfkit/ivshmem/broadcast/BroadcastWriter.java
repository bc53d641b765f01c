package io.vnfkit.ivshmem.broadcast;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Writes the messages of a broadcast. It waits for nobody and reads nothing that a reader could have written.
 *
 * <p>Memory order: before a byte is overwritten, the intent is stored and a release fence keeps the stores behind it; so a
 * reader that sees a new byte, and then loads the intent behind an acquire fence, sees that it was lapped. Behind the
 * message the tail is stored with release order, which publishes it, and then the place of the newest message.
 *
 * <p>A message is written at most once: when a writer was killed in the middle, the message is there, whole, or not at
 * all.
 *
 * <p>Not thread-safe: one thread at a time, and one writer per broadcast among all processes. Nothing is allocated.
 */
public final class BroadcastWriter implements AutoCloseable {

    private final ByteBuffer memory;
    private final BroadcastGeometry geometry;
    private final Role role;
    private final int maxMessage;
    private long intent;
    private long tail;
    private long number;

    /**
     * Takes over from an earlier writer. What it had not finished when it died is forgotten.
     *
     * @param memory the broadcast, at a multiple of 16
     * @param geometry its layout, from a source that a peer cannot change
     * @param role that of its producer, held by this process; it is given up with this object
     * @throws DamagedRegionException if the broadcast in memory is another one, or contradicts itself
     */
    public BroadcastWriter(ByteBuffer memory, BroadcastGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.geometry = geometry;
        this.role = role;
        this.maxMessage = geometry.maxMessage();
        this.tail = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.TAIL_AT, "tail");
        // Never lower than a dead writer's: it may have overwritten up to there.
        this.intent = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.INTENT_AT, "intent");
        if (intent - tail < 0 || intent - tail > geometry.capacity() / 2) {
            throw new DamagedRegionException("the intent of the broadcast is said to be at position " + intent
                    + " where its tail is at " + tail);
        }
        repairLatest();
    }

    /** Goes along the last messages: their numbers go on from there, and the newest may not be named yet. */
    private void repairLatest() {
        long position = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.LATEST_AT, "newest message");
        if (tail - position < 0 || tail - position > geometry.capacity()) {
            throw new DamagedRegionException("the newest message of the broadcast is said to be at position " + position
                    + " where its tail is at " + tail);
        }
        long latest = position;
        while (position != tail) {
            int at = geometry.indexOf(position);
            long header = SharedWords.longOpaque(memory, at);
            int size = geometry.checkedSize(header, position, tail);
            if (BroadcastGeometry.typeOf(header) != BroadcastGeometry.PADDING) {
                latest = position;
                number = SharedWords.longOpaque(memory, at + BroadcastGeometry.NUMBER) + 1;
            }
            position += size;
        }
        SharedWords.longRelease(memory, BroadcastGeometry.LATEST_AT, latest);
    }

    /**
     * Writes a message.
     *
     * @param type what it is: not negative
     * @param source its bytes, before its limit; its position does not matter, and neither changes
     * @param from index of the first byte
     * @param length its length, at most {@link #maxMessage}
     * @throws IllegalArgumentException if it is too long or the type negative
     * @throws IndexOutOfBoundsException if the bytes do not lie in the source
     */
    public void write(int type, ByteBuffer source, int from, int length) {
        requireMessage(type, length);
        long position = begin(type, length);
        memory.put(geometry.indexOf(position) + BroadcastGeometry.HEADER, source, from, length);
        publish(position, length);
    }

    /**
     * Writes a message.
     *
     * @param type what it is: not negative
     * @param source its bytes
     * @param from index of the first byte
     * @param length its length, at most {@link #maxMessage}
     * @throws IllegalArgumentException if it is too long or the type negative
     * @throws IndexOutOfBoundsException if the bytes do not lie in the source
     */
    public void write(int type, byte[] source, int from, int length) {
        requireMessage(type, length);
        long position = begin(type, length);
        memory.put(geometry.indexOf(position) + BroadcastGeometry.HEADER, source, from, length);
        publish(position, length);
    }

    private void requireMessage(int type, int length) {
        if (type < 0) {
            throw new IllegalArgumentException("the type of a message is not negative: " + type);
        }
        if (length < 0 || length > maxMessage) {
            throw new IllegalArgumentException("messages of this broadcast have 0 to " + maxMessage + " bytes, not " + length);
        }
    }

    private long begin(int type, int length) {
        int size = BroadcastGeometry.recordSize(length);
        int left = geometry.left(tail);
        long position = size > left ? tail + left : tail;
        announce(position + size);
        if (position != tail) {
            storeHeader(tail, BroadcastGeometry.PADDING, left - BroadcastGeometry.HEADER);
        }
        storeHeader(position, type, length);
        return position;
    }

    private void announce(long end) {
        intent = Math.max(intent, end);
        SharedWords.longOpaque(memory, BroadcastGeometry.INTENT_AT, intent);
        VarHandle.releaseFence();
    }

    private void storeHeader(long position, int type, int length) {
        int at = geometry.indexOf(position);
        SharedWords.longOpaque(memory, at, BroadcastGeometry.header(type, length));
        SharedWords.longOpaque(memory, at + BroadcastGeometry.NUMBER, number);
    }

    private void publish(long position, int length) {
        tail = position + BroadcastGeometry.recordSize(length);
        number++;
        SharedWords.longRelease(memory, BroadcastGeometry.TAIL_AT, tail);
        SharedWords.longRelease(memory, BroadcastGeometry.LATEST_AT, position);
    }

    /**
     * How many messages were written since the broadcast was made, by all its writers.
     *
     * @return the number of the next message
     */
    public long written() {
        return number;
    }

    /**
     * The longest message.
     *
     * @return bytes
     */
    public int maxMessage() {
        return maxMessage;
    }

    /** Gives the writer's side up. Idempotent. */
    @Override
    public void close() {
        role.close();
    }
}
