package io.vnfkit.ivshmem.broadcast;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.ivshmem.message.MessageHandler;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;

/**
 * Reads the messages of a broadcast. It writes nothing, so any number of them can, and memory that is mapped for reading
 * alone is enough.
 *
 * <p>A message is copied first. Then it is asked whether the writer may have begun to overwrite it; if so the copy is
 * worth nothing, and the reader goes on at the newest message. Messages are numbered, so {@link #lost} is exact.
 *
 * <p>Memory order: the tail is loaded with acquire order before a message is copied; behind the copy an acquire fence
 * keeps the load of the intent from being made earlier. {@link BroadcastWriter} has the other half.
 *
 * <p>A hostile writer can write anything: only bytes of the ring are copied, and a call makes no more copies than
 * messages were asked for. Not thread-safe: one thread at a time.
 */
public final class BroadcastReader {

    private static final int FIRST_COPY = 4096;
    private static final int TRIES_TO_JOIN = 100;

    private final ByteBuffer memory;
    private final BroadcastGeometry geometry;
    private final BooleanSupplier writerPresent;
    private ByteBuffer copy;
    private ByteBuffer shown;
    private long position;
    private long tail;
    private long next;
    private long lost;

    /** Where a reader begins. */
    public enum Start {
        /** At the newest message that is there. */
        LATEST,
        /** Behind it: only what is written from now on. */
        NEXT
    }

    /**
     * Begins to read.
     *
     * @param memory the broadcast, at a multiple of 16; may be read-only
     * @param geometry its layout, from a source that a peer cannot change
     * @param start where to begin
     * @param writerPresent tells whether there is a writer
     * @throws DamagedRegionException if the broadcast in memory is another one, or contradicts itself
     */
    public BroadcastReader(ByteBuffer memory, BroadcastGeometry geometry, Start start, BooleanSupplier writerPresent) {
        geometry.verify(memory);
        this.memory = memory;
        this.geometry = geometry;
        this.writerPresent = writerPresent;
        takeCopies(Math.min(FIRST_COPY, geometry.maxMessage()));
        join(start);
    }

    private void takeCopies(int length) {
        copy = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        shown = copy.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    private void join(Start start) {
        for (int i = 0; i < TRIES_TO_JOIN; i++) {
            loadLatest();
            if (tail == 0) {
                return;
            }
            int at = geometry.indexOf(position);
            long header = SharedWords.longOpaque(memory, at);
            next = SharedWords.longOpaque(memory, at + BroadcastGeometry.NUMBER);
            if (isOverwritten()) {
                continue;
            }
            int size = geometry.checkedSize(header, position, tail);
            if (start == Start.NEXT) {
                position += size;
                next++;
            }
            return;
        }
        throw new DamagedRegionException("the newest message of the broadcast was overwritten in each of " + TRIES_TO_JOIN
                + " tries to read it: its writer's intent is wrong");
    }

    /** The newest message was stored after the tail behind it, so in this order the tail cannot be before it. */
    private void loadLatest() {
        position = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.LATEST_AT, "newest message");
        tail = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.TAIL_AT, "tail");
        if (tail - position < 0) {
            throw new DamagedRegionException("the newest message of the broadcast is said to be at position " + position
                    + ", but its tail at " + tail);
        }
    }

    /** Whether what was loaded from the position on, before this, may have been of a later lap. */
    private boolean isOverwritten() {
        VarHandle.acquireFence();
        return SharedWords.longOpaque(memory, BroadcastGeometry.INTENT_AT) - position > geometry.capacity();
    }

    /**
     * Handles the messages that are there.
     *
     * @param handler what becomes of each: it is given a copy. If it throws, that message counts as handled and the
     *     exception goes to the caller
     * @param limit how many messages at most
     * @return how many were handled; fewer than there are if the writer lapped this reader
     * @throws DamagedRegionException if a record cannot be; messages before it were handled
     */
    public int read(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit && hasNext()) {
            int at = geometry.indexOf(position);
            long header = SharedWords.longOpaque(memory, at);
            long number = SharedWords.longOpaque(memory, at + BroadcastGeometry.NUMBER);
            int length = copy(header, at);
            if (isOverwritten()) {
                goToLatest();
                break;
            }
            advance(header, number);
            if (length >= 0) {
                count++;
                handler.onMessage(BroadcastGeometry.typeOf(header), shown, 0, length);
            }
        }
        return count;
    }

    private boolean hasNext() {
        if (position == tail) {
            tail = BroadcastGeometry.checkedPosition(memory, BroadcastGeometry.TAIL_AT, "tail");
            if (tail - position < 0) {
                throw new DamagedRegionException("the tail of the broadcast is said to be at position " + tail
                        + ", but it was at " + position);
            }
        }
        return position != tail;
    }

    /** Copies a message before anything about it is certain; returns its length, or -1 for what cannot be one. */
    private int copy(long header, int at) {
        int length = BroadcastGeometry.messageLength(header);
        boolean isPossible = BroadcastGeometry.typeOf(header) != BroadcastGeometry.PADDING && length >= 0
                && length <= geometry.maxMessage() && BroadcastGeometry.recordSize(length) <= geometry.left(position);
        if (!isPossible) {
            return -1;
        }
        if (length > copy.capacity()) {
            takeCopies(Math.min(geometry.maxMessage(), Integer.highestOneBit(length) << 1));
        }
        copy.put(0, memory, at + BroadcastGeometry.HEADER, length);
        return length;
    }

    private void goToLatest() {
        long before = position;
        loadLatest();
        if (position - before <= 0) {
            throw BroadcastGeometry.damaged(before, "is said to be overwritten, but the newest message is at " + position);
        }
    }

    private void advance(long header, long number) {
        int size = geometry.checkedSize(header, position, tail);
        if (number - next < 0) {
            throw BroadcastGeometry.damaged(position, "has number " + number + ", but " + next + " was next");
        }
        lost += number - next;
        next = BroadcastGeometry.typeOf(header) == BroadcastGeometry.PADDING ? number : number + 1;
        position += size;
    }

    /**
     * Messages that this reader should have been given, but that were overwritten before it came to them. Those are
     * counted when it is given the next one.
     *
     * @return how many since it began
     */
    public long lost() {
        return lost;
    }

    /**
     * Tells whether there is nothing to read.
     *
     * @return true if so
     * @throws DamagedRegionException if the writer's position is impossible
     */
    public boolean isEmpty() {
        return !hasNext();
    }

    /**
     * Tells whether there is a writer: a system call, so not for every message.
     *
     * @return false if there is none, or it has ended
     */
    public boolean isPeerPresent() {
        return writerPresent.getAsBoolean();
    }
}
