package io.vnfkit.ivshmem.memif;

import java.lang.invoke.VarHandle;

/**
 * The sending end of one ring. {@link #claim} hands out free buffers, in place; {@link #commit} publishes those that have
 * been filled, all at once.
 *
 * <p>Memory order: the receiver's index is loaded with acquire, so that its reads of a buffer are over before this side
 * writes there; committing writes the descriptors and then stores this side's index with release, so that descriptors and
 * packets are seen whole. Whether the receiver wants a signal is looked at after a full fence, so that it either sees the
 * packets or is signalled. The queue's own index is kept in this object and never read from the shared memory.
 *
 * <p>Nothing is allocated. {@link #commit} makes a system call only where the receiver wants a signal. For one thread at
 * a time; another one may close the link meanwhile: then nothing is free any more, and what is written reaches nobody.
 */
public abstract sealed class TransmitQueue permits ClientTransmitQueue, ServerTransmitQueue {

    final Ring ring;
    final LinkState state;
    final EventDescriptor event;
    /** The next buffer to fill: this side's index. */
    int next;
    /** Where the free buffers end, as last seen. */
    int end;

    TransmitQueue(Ring ring, LinkState state, EventDescriptor event) {
        this.ring = ring;
        this.state = state;
        this.event = event;
    }

    /** The receiver's index, as where the free buffers end. */
    abstract int loadEnd();

    /** Adds a free buffer to the burst. */
    abstract void fetch(int index, PacketBurst burst);

    abstract void describe(int index, PacketBurst burst, int i);

    abstract void publish(int index);

    /**
     * Hands out free buffers. What was claimed before and not committed is free again.
     *
     * @param burst takes them; what it had before is forgotten
     * @param count how many at most
     * @return how many; 0 if none is free, or the link is down
     * @throws DamagedLinkException if an index or a descriptor cannot be true; the link goes down
     */
    public int claim(PacketBurst burst, int count) {
        burst.begin(this, next);
        int wanted = Math.min(count, burst.capacity());
        int free = Math.min(wanted, freeOf(wanted));
        int claimed = 0;
        try {
            claimed = fill(burst, free);
        } finally {
            burst.cut(claimed);
        }
        return claimed;
    }

    private int fill(PacketBurst burst, int free) {
        for (int i = 0; i < free; i++) {
            fetch(next + i, burst);
            if (burst.size() == i) {
                return 0;
            }
        }
        return free;
    }

    private int freeOf(int wanted) {
        if (!state.isUp()) {
            return 0;
        }
        int free = Ring.distance(next, end);
        return free >= wanted ? free : reload();
    }

    private int reload() {
        int loaded = loadEnd();
        int advance = Ring.distance(end, loaded);
        int most = ring.size() - Ring.distance(next, end);
        if (advance > most) {
            state.damaged(ring.name() + ": the receiver's index went on by " + advance + ", though it has no more than "
                    + most + " of the " + ring.size() + " buffers");
            return 0;
        }
        end = loaded;
        return Ring.distance(next, end);
    }

    /** For subclasses: a descriptor that cannot be true. */
    final void damaged(int index, String what) {
        state.damaged(ring.name() + ", descriptor " + (index & ring.size() - 1) + ": " + what);
    }

    /**
     * Publishes the first buffers of a burst that was claimed here last, and wakes the receiver if it wants that.
     *
     * @param burst with a length in each of these buffers
     * @param count how many; the last one ends its packet. The others are free again
     * @throws IllegalArgumentException if a length is missing or the last packet has no end; nothing is published
     * @throws IllegalStateException if the burst was not claimed here, or was committed before
     */
    public void commit(PacketBurst burst, int count) {
        requireClaimed(burst, count);
        if (count == 0 || !state.isUp()) {
            return;
        }
        for (int i = 0; i < count; i++) {
            describe(next + i, burst, i);
        }
        next += count;
        publish(next);
        VarHandle.fullFence();
        if (ring.wantsSignals() && state.isUp()) {
            event.signal();
        }
    }

    private void requireClaimed(PacketBurst burst, int count) {
        if (!burst.isOf(this, next)) {
            throw new IllegalStateException("the burst was not claimed from this queue, or not last, or is committed");
        }
        if (count < 0 || count > burst.size()) {
            throw new IllegalArgumentException("the burst has " + burst.size() + " buffers, not " + count);
        }
        for (int i = 0; i < count; i++) {
            if (burst.length(i) == 0) {
                throw new IllegalArgumentException("buffer " + i + " of the burst has no length");
            }
        }
        if (count > 0 && burst.isContinued(count - 1)) {
            throw new IllegalArgumentException("the last packet of the burst has no end");
        }
    }

    /**
     * How many buffers could be claimed now.
     *
     * @return at most the size of the ring
     * @throws DamagedLinkException if the receiver's index cannot be true; the link goes down
     */
    public int free() {
        return freeOf(ring.size() + 1);
    }
}
