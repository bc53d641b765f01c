package io.vnfkit.ivshmem.memif;

import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The receiving end of one ring. {@link #receive} hands out what has arrived, in place; {@link #release} gives the oldest
 * buffers back to the sender. Several bursts may be held at a time.
 *
 * <p>Memory order: the sender's index is loaded with acquire, so that descriptors and packets that it covers are seen
 * whole; each descriptor is then loaded once, one word for flags, region and length and one for the offset, and checked in
 * local variables. Releasing stores this side's index with release, so that reads of the packets are over before the
 * sender may write there again. The queue's own index is kept in this object and never read from the shared memory.
 *
 * <p>Nothing is allocated, and no system call is made, by {@link #receive} and {@link #release}. For one thread at a time;
 * another one may close the link meanwhile: then nothing arrives any more, and packets at hand turn to zeros.
 */
public abstract sealed class ReceiveQueue permits ClientReceiveQueue, ServerReceiveQueue {

    final Ring ring;
    final LinkState state;
    final EventDescriptor event;
    /** The next buffer to hand out. */
    int next;
    /** The oldest one that is held. */
    int oldest;
    /** The sender's index, as last seen. */
    int published;

    ReceiveQueue(Ring ring, LinkState state, EventDescriptor event) {
        this.ring = ring;
        this.state = state;
        this.event = event;
    }

    abstract int loadPublished();

    /** Checks one descriptor and adds it to the burst. */
    abstract void fetch(int index, PacketBurst burst);

    abstract void giveBack(int count);

    /**
     * Hands out what has arrived: as many whole packets as the burst has room for.
     *
     * @param burst takes them; what it had before is forgotten
     * @return how many buffers; 0 if nothing has arrived, or the link is down
     * @throws DamagedLinkException if an index or a descriptor cannot be true; the link goes down
     * @throws IllegalArgumentException if the next packet has more buffers than the burst has room for
     */
    public int receive(PacketBurst burst) {
        burst.begin(this, next);
        int complete = 0;
        try {
            complete = fill(burst);
        } finally {
            burst.cut(complete);
        }
        next += complete;
        return complete;
    }

    private int fill(PacketBurst burst) {
        if (!state.isUp()) {
            return 0;
        }
        int available = Ring.distance(next, published);
        if (available < burst.capacity()) {
            available = reload();
        }
        int complete = 0;
        while (burst.size() < available && burst.size() < burst.capacity()) {
            int before = burst.size();
            fetch(next + before, burst);
            if (burst.size() == before) {
                return 0;
            }
            complete = burst.isContinued(before) ? complete : before + 1;
        }
        if (complete == 0 && burst.size() > 0) {
            requireEnd(burst, available);
        }
        return complete;
    }

    private int reload() {
        int loaded = loadPublished();
        int advance = Ring.distance(published, loaded);
        int most = ring.size() - Ring.distance(oldest, published);
        if (advance > most) {
            state.damaged(ring.name() + ": the sender's index went from " + (published & 0xffff) + " to " + loaded
                    + ", though " + most + " of the " + ring.size() + " buffers are with it");
            return 0;
        }
        published = loaded;
        return Ring.distance(next, published);
    }

    private void requireEnd(PacketBurst burst, int available) {
        if (burst.size() < available) {
            throw new IllegalArgumentException("the next packet has more buffers than the " + burst.capacity()
                    + " that the burst has room for");
        }
        if (available >= ring.size() - Ring.distance(oldest, next)) {
            state.damaged(ring.name() + ": a packet without an end fills the ring");
        }
    }

    /** For subclasses: a descriptor that cannot be true. */
    final void damaged(int index, String what) {
        state.damaged(ring.name() + ", descriptor " + (index & ring.size() - 1) + ": " + what);
    }

    /**
     * Gives buffers back to the sender, the oldest first.
     *
     * @param count how many; at most {@link #held}
     */
    public void release(int count) {
        if (count < 0 || count > held()) {
            throw new IllegalArgumentException("0 to " + held() + " buffers are held, not " + count);
        }
        if (count > 0) {
            giveBack(count);
        }
    }

    /**
     * How many buffers were handed out and not given back yet.
     *
     * @return at most the size of the ring
     */
    public int held() {
        return Ring.distance(oldest, next);
    }

    /**
     * Says whether the sender is to wake this side after each burst. From the beginning it is not.
     *
     * <p>When this returns, the flag is visible before anything that is looked at afterwards (a full fence), so a sender
     * that looks at the flag after publishing, as this library does with a full fence too, either sees it or is seen by
     * the next {@link #receive}. DPDK's driver looks without a fence: with it, leave signals on rather than switch them
     * for each wait, or wait with a timeout.
     *
     * @param wanted true for signals, false where this side polls
     */
    public void wantSignals(boolean wanted) {
        if (state.isUp()) {
            ring.wantSignals(wanted);
            VarHandle.fullFence();
        }
    }

    /**
     * Waits until something has arrived, the link is down, or the time is over. Signals have to be wanted. The other side
     * can take signals away: only a wait with a timeout ends for sure.
     *
     * @param timeout how long at most; negative waits for ever
     * @return whether {@link #receive} should be called
     */
    public boolean await(Duration timeout) {
        if (hasArrived()) {
            return true;
        }
        // Signals that are older than this look at the ring would end the wait at once, and each time.
        event.drain();
        if (hasArrived()) {
            return true;
        }
        event.await(timeout);
        return hasArrived();
    }

    private boolean hasArrived() {
        return state.isUp() && Ring.distance(next, loadPublished()) != 0;
    }

    /**
     * The eventfd that becomes readable when the sender signals, for a poll(2) of one's own. It is closed with the link.
     *
     * @return the descriptor, which stays with the queue
     */
    public int eventDescriptor() {
        return event.descriptor();
    }
}
