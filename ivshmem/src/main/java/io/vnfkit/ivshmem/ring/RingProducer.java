package io.vnfkit.ivshmem.ring;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The side of a ring that puts elements in. The other side is a {@link RingConsumer}, or DPDK's
 * {@code rte_ring_sc_dequeue_*} on the same memory.
 *
 * <p>Memory order: elements are stored plainly and published by one store of prod.tail with release order, which the
 * consumer loads with acquire order; the room that the consumer frees is seen by an acquire load of cons.tail. That is
 * what DPDK's C11 rings do. prod.head, which lies beside prod.tail, is part of the same store of 64 bits, so that nobody
 * ever sees the one without the other.
 *
 * <p>Not thread-safe: one thread at a time, and one producer per ring among all processes. Nothing is allocated.
 */
public final class RingProducer implements AutoCloseable {

    /**
     * From so many elements on, the consumer's index is looked at for each batch, needed or not. Between two cores,
     * waiting for that cache line paces the producer: it takes the line of its own index away from a consumer that polls it
     * less often, and 1.4 times as many elements come through to a C program. Fewer are better off without.
     */
    private static final int PACED = 32;

    private final ByteBuffer memory;
    private final LongBuffer table;
    private final Role role;
    private final int mask;
    private final int capacity;
    private final int words;
    private final int headAt;
    private final int tailAt;
    private final int consumerTailAt;
    private int head;
    private int consumerTail;

    /**
     * Takes over the producer's side. What an earlier producer had not published when it died is forgotten:
     * prod.head goes back to prod.tail.
     *
     * @param memory the ring, at a cache line
     * @param geometry its layout, from a source that a peer cannot change
     * @param role the side that this process holds; it is given up with this object
     * @throws DamagedRegionException if the ring in memory is another one, or its indexes contradict each other
     */
    public RingProducer(ByteBuffer memory, RingGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.table = geometry.table(memory);
        this.role = role;
        this.mask = geometry.mask();
        this.capacity = geometry.capacity();
        this.words = geometry.elementSize() / Long.BYTES;
        this.headAt = geometry.producerHeadAt();
        this.tailAt = geometry.producerTailAt();
        this.consumerTailAt = geometry.consumerTailAt();
        restart();
    }

    /** Begins at the index in memory: at first, and after {@link RingGeometry#reset}. */
    public void restart() {
        head = SharedWords.intAcquire(memory, tailAt);
        SharedWords.intOpaque(memory, headAt, head);
        loadConsumerTail();
    }

    private int free() {
        return capacity - (head - consumerTail);
    }

    private void loadConsumerTail() {
        int tail = SharedWords.intAcquire(memory, consumerTailAt);
        if (Integer.compareUnsigned(head - tail, capacity) > 0) {
            throw new DamagedRegionException("the consumer is said to be at " + Integer.toUnsignedString(tail)
                    + " where the producer is at " + Integer.toUnsignedString(head) + ", but the ring holds no more than "
                    + capacity);
        }
        consumerTail = tail;
    }

    /**
     * Puts in one element of 8 bytes.
     *
     * @param element the element
     * @return false if the ring is full
     * @throws DamagedRegionException if the consumer's index is impossible
     */
    public boolean offer(long element) {
        if (words != 1) {
            throw new IllegalStateException("elements of this ring have " + words * Long.BYTES + " bytes");
        }
        if (head - consumerTail == capacity) {
            loadConsumerTail();
            if (head - consumerTail == capacity) {
                return false;
            }
        }
        table.put(head & mask, element);
        publish(1);
        return true;
    }

    /**
     * Puts in as many elements as fit.
     *
     * @param elements the elements; those of more than 8 bytes take several entries of the array each
     * @param from index of the first entry
     * @param count how many elements
     * @return how many were put in, from the first on
     * @throws DamagedRegionException if the consumer's index is impossible
     */
    public int offer(long[] elements, int from, int count) {
        if (count >= PACED || free() < count) {
            loadConsumerTail();
        }
        int taken = Math.min(count, free());
        if (taken <= 0) {
            return 0;
        }
        store(elements, from, taken);
        publish(taken);
        return taken;
    }

    /**
     * Puts in all elements or none.
     *
     * @param elements the elements
     * @param from index of the first entry
     * @param count how many elements
     * @return whether they were put in
     * @throws DamagedRegionException if the consumer's index is impossible
     */
    public boolean offerAll(long[] elements, int from, int count) {
        if (free() < count) {
            loadConsumerTail();
        }
        if (free() < count) {
            return false;
        }
        store(elements, from, count);
        publish(count);
        return true;
    }

    private void store(long[] elements, int from, int count) {
        int slot = head & mask;
        int first = Math.min(count, mask + 1 - slot);
        table.put(slot * words, elements, from, first * words);
        if (first < count) {
            table.put(0, elements, from + first * words, (count - first) * words);
        }
    }

    private void publish(int count) {
        head += count;
        // Nobody waits for prod.head, but rte_ring_dump shows it, and a DPDK program that takes over begins there.
        SharedWords.longRelease(memory, headAt, RingGeometry.headAndTail(head));
    }

    /**
     * Elements that the consumer has not taken yet.
     *
     * @return at least 0, at most the capacity
     * @throws DamagedRegionException if the consumer's index is impossible
     */
    public int size() {
        loadConsumerTail();
        return head - consumerTail;
    }

    /**
     * How many elements it holds.
     *
     * @return the capacity
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Tells whether the other side is there: a system call, so not for every element.
     *
     * @return false if there is no consumer, or it has ended
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
