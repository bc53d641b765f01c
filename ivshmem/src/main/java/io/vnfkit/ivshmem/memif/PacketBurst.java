package io.vnfkit.ivshmem.memif;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A number of buffers that a queue hands out at a time, used again for each burst. A packet is one buffer or, where
 * {@link #isContinued} says so, goes on in the next one; a burst has whole packets only.
 *
 * <p>Buffer {@code i} is the bytes from {@code offset(i)} on of {@code memory(i)}, which is shared memory in place: read
 * and write it with the methods of {@link ByteBuffer} that take an index. What was received may change at any time while
 * the other side is alive: check what matters on a copy.
 *
 * <p>For one thread at a time.
 */
public final class PacketBurst {

    private final ByteBuffer[] memory;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] rooms;
    private final int[] regions;
    private final boolean[] continued;
    private int size;
    private Object owner;
    private int first;

    /**
     * Makes an empty burst.
     *
     * @param capacity most buffers in it, at least 1
     */
    public PacketBurst(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a burst has room for at least one buffer, not " + capacity);
        }
        memory = new ByteBuffer[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
        rooms = new int[capacity];
        regions = new int[capacity];
        continued = new boolean[capacity];
    }

    /**
     * Most buffers in it.
     *
     * @return at least 1
     */
    public int capacity() {
        return memory.length;
    }

    /**
     * How many buffers there are.
     *
     * @return 0 to {@link #capacity}
     */
    public int size() {
        return size;
    }

    /**
     * Where a buffer lies.
     *
     * @param i number of the buffer in the burst
     * @return shared memory in native byte order; not to be kept
     */
    public ByteBuffer memory(int i) {
        return memory[Objects.checkIndex(i, size)];
    }

    /**
     * Where in that memory it begins.
     *
     * @param i number of the buffer in the burst
     * @return an index
     */
    public int offset(int i) {
        return offsets[Objects.checkIndex(i, size)];
    }

    /**
     * How many bytes of it belong to the packet.
     *
     * @param i number of the buffer in the burst
     * @return bytes; 0 in a buffer that was claimed and got no length yet
     */
    public int length(int i) {
        return lengths[Objects.checkIndex(i, size)];
    }

    /**
     * How many bytes have room.
     *
     * @param i number of the buffer in the burst
     * @return bytes
     */
    public int room(int i) {
        return rooms[Objects.checkIndex(i, size)];
    }

    /**
     * Tells whether the packet goes on in the next buffer.
     *
     * @param i number of the buffer in the burst
     * @return true if so
     */
    public boolean isContinued(int i) {
        return continued[Objects.checkIndex(i, size)];
    }

    /**
     * Says how many bytes of a claimed buffer belong to the packet, which ends there.
     *
     * @param i number of the buffer in the burst
     * @param length 1 to {@link #room}
     */
    public void length(int i, int length) {
        if (length < 1 || length > room(i)) {
            throw new IllegalArgumentException("buffer " + i + " of the burst has room for 1 to " + room(i)
                    + " bytes, not " + length);
        }
        lengths[i] = length;
        continued[i] = false;
    }

    /**
     * Says that the packet goes on in the next buffer.
     *
     * @param i number of the buffer in the burst
     * @param length 1 to {@link #room}
     */
    public void lengthContinued(int i, int length) {
        length(i, length);
        continued[i] = true;
    }

    /**
     * A view of one buffer, from index 0 to its length. This allocates.
     *
     * @param i number of the buffer in the burst
     * @return a slice of the shared memory, in native byte order
     */
    public ByteBuffer slice(int i) {
        return memory(i).slice(offsets[i], lengths[i]).order(memory[i].order());
    }

    /**
     * Copies one buffer, without allocation.
     *
     * @param i number of the buffer in the burst
     * @param target gets the bytes at its position, which advances
     * @return how many bytes
     */
    public int copyTo(int i, ByteBuffer target) {
        int count = length(i);
        int at = target.position();
        target.put(at, memory[i], offsets[i], count).position(at + count);
        return count;
    }

    /**
     * Fills one claimed buffer with a whole packet, without allocation.
     *
     * @param i number of the buffer in the burst
     * @param packet from its position to its limit, which stay
     */
    public void put(int i, ByteBuffer packet) {
        length(i, packet.remaining());
        memory[i].put(offsets[i], packet, packet.position(), packet.remaining());
    }

    void begin(Object queue, int index) {
        owner = queue;
        first = index;
        size = 0;
    }

    /** So that a burst is committed by who claimed it, once. */
    boolean isOf(Object queue, int index) {
        return owner == queue && first == index;
    }

    void add(ByteBuffer window, int offset, int length, int room, int region, boolean isContinued) {
        memory[size] = window;
        offsets[size] = offset;
        lengths[size] = length;
        rooms[size] = room;
        regions[size] = region;
        continued[size] = isContinued;
        size++;
    }

    void cut(int count) {
        size = count;
    }

    int region(int i) {
        return regions[i];
    }
}
