package io.vnfkit.ivshmem.ring;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The side of a ring that takes elements out. The other side is a {@link RingProducer}, or DPDK's
 * {@code rte_ring_sp_enqueue_*} on the same memory.
 *
 * <p>Memory order: prod.tail is loaded with acquire order before elements are read, cons.tail stored with release order
 * after they were, so that the producer cannot overwrite one that is still being read. cons.head, which lies beside it, is
 * part of the same store of 64 bits.
 *
 * <p>Elements are what the producer wrote there: a hostile one can write anything. They are copied once; check the
 * copies. Not thread-safe: one thread at a time, and one consumer per ring among all processes. Nothing is allocated.
 */
public final class RingConsumer implements AutoCloseable {

    private final ByteBuffer memory;
    private final LongBuffer table;
    private final Role role;
    private final int mask;
    private final int capacity;
    private final int words;
    private final int headAt;
    private final int tailAt;
    private final int producerTailAt;
    private int head;
    private int producerTail;

    /**
     * Takes over the consumer's side. What an earlier consumer had begun to take when it died comes again: cons.head
     * goes back to cons.tail. So each element is delivered at least once.
     *
     * @param memory the ring, at a cache line
     * @param geometry its layout, from a source that a peer cannot change
     * @param role the side that this process holds; it is given up with this object
     * @throws DamagedRegionException if the ring in memory is another one, or its indexes contradict each other
     */
    public RingConsumer(ByteBuffer memory, RingGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.table = geometry.table(memory);
        this.role = role;
        this.mask = geometry.mask();
        this.capacity = geometry.capacity();
        this.words = geometry.elementSize() / Long.BYTES;
        this.headAt = geometry.consumerHeadAt();
        this.tailAt = geometry.consumerTailAt();
        this.producerTailAt = geometry.producerTailAt();
        restart();
    }

    /** Begins at the index in memory: at first, and after {@link RingGeometry#reset}. */
    public void restart() {
        head = SharedWords.intAcquire(memory, tailAt);
        SharedWords.intOpaque(memory, headAt, head);
        loadProducerTail();
    }

    private void loadProducerTail() {
        int tail = SharedWords.intAcquire(memory, producerTailAt);
        if (Integer.compareUnsigned(tail - head, capacity) > 0) {
            throw new DamagedRegionException("the producer is said to be at " + Integer.toUnsignedString(tail)
                    + " where the consumer is at " + Integer.toUnsignedString(head) + ", but the ring holds no more than "
                    + capacity);
        }
        producerTail = tail;
    }

    /**
     * Takes out as many elements as there are.
     *
     * @param elements where they go; those of more than 8 bytes take several entries of the array each
     * @param from index of the first entry
     * @param count how many elements at most
     * @return how many were taken
     * @throws DamagedRegionException if the producer's index is impossible
     */
    public int poll(long[] elements, int from, int count) {
        if (producerTail - head < count) {
            loadProducerTail();
        }
        int taken = Math.min(count, producerTail - head);
        if (taken <= 0) {
            return 0;
        }
        copy(elements, from, taken);
        head += taken;
        SharedWords.longRelease(memory, headAt, RingGeometry.headAndTail(head));
        return taken;
    }

    private void copy(long[] elements, int from, int count) {
        int slot = head & mask;
        int first = Math.min(count, mask + 1 - slot);
        table.get(slot * words, elements, from, first * words);
        if (first < count) {
            table.get(0, elements, from + first * words, (count - first) * words);
        }
    }

    /**
     * Tells whether there is nothing to take.
     *
     * @return true if so
     * @throws DamagedRegionException if the producer's index is impossible
     */
    public boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Elements that can be taken.
     *
     * @return at least 0, at most the capacity
     * @throws DamagedRegionException if the producer's index is impossible
     */
    public int size() {
        loadProducerTail();
        return producerTail - head;
    }

    /**
     * How many elements the ring holds.
     *
     * @return the capacity
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Tells whether the other side is there: a system call, so not for every element.
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
