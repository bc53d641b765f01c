package io.vnfkit.ivshmem.packet;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import java.nio.ByteBuffer;

/**
 * The sender of a packet channel, which owns its buffers.
 *
 * <pre>{@code
 * long[] packets = new long[32];
 * int claimed = sender.claim(packets, 0, 32);
 * for (int i = 0; i < claimed; i++) {
 *     packets[i] = sender.fill(packets[i], frame, 0, frame.length);
 * }
 * int sent = sender.send(packets, 0, claimed);
 * sender.unclaim(packets, sent, claimed - sent);
 * }</pre>
 *
 * <p>If an earlier sender died, the receiver may still hold some of its buffers, and nobody knows which: taking over needs
 * an idle channel, one where no packet is on its way. {@link PacketChannel#sender} says so otherwise.
 *
 * <p>Not thread-safe. Claiming, filling and sending allocate nothing.
 */
public final class PacketSender implements AutoCloseable {

    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final int SENT = 2;
    private static final int BATCH = 64;

    private final PacketChannel channel;
    private final PacketMemory memory;
    private final ChannelGeometry geometry;
    private final RingProducer packets;
    private final RingConsumer returned;
    private final long buffersFrom;
    private final long buffersTo;
    private final byte[] states;
    private final int[] free;
    private final long[] batch = new long[BATCH];
    private final long[] parked;
    /** Packets of other channels that are on their way, by the unit of memory that they begin in. */
    private long[] foreign;
    private int parkedCount;
    private int freeCount;
    private int pending;

    PacketSender(PacketChannel channel, PacketMemory memory, RingProducer packets, RingConsumer returned) {
        this.channel = channel;
        this.memory = memory;
        this.geometry = channel.geometry();
        this.packets = packets;
        this.returned = returned;
        this.buffersFrom = channel.object().offset() + geometry.buffersAt();
        this.buffersTo = buffersFrom + (long) geometry.bufferSize() * geometry.bufferCount();
        this.states = new byte[geometry.bufferCount()];
        this.free = new int[geometry.bufferCount()];
        this.parked = new long[geometry.ring().capacity()];
        for (int index = geometry.bufferCount() - 1; index >= 0; index--) {
            free[freeCount++] = index;
        }
    }

    /**
     * Claims free buffers.
     *
     * @param offsets where the offsets of their first packet bytes go, behind the headroom
     * @param from index of the first entry
     * @param count how many are wanted
     * @return how many there were
     * @throws DamagedRegionException if the receiver gave back what it had not got
     */
    public int claim(long[] offsets, int from, int count) {
        if (freeCount < count) {
            reclaim();
        }
        int claimed = Math.min(count, freeCount);
        for (int i = 0; i < claimed; i++) {
            int index = free[--freeCount];
            states[index] = CLAIMED;
            offsets[from + i] = buffersFrom + (long) index * geometry.bufferSize() + ChannelGeometry.HEADROOM;
        }
        return claimed;
    }

    /**
     * Gives buffers back that were claimed and are not to be sent.
     *
     * @param packets offsets, or descriptors of packets in the buffers
     * @param from index of the first entry
     * @param count how many
     */
    public void unclaim(long[] packets, int from, int count) {
        for (int i = from; i < from + count; i++) {
            release(requireOwn(Descriptor.offset(packets[i]), CLAIMED));
        }
    }

    /**
     * Copies a packet into a claimed buffer.
     *
     * @param offset what {@link #claim} gave
     * @param source the packet
     * @param at where it begins in the array
     * @param length its length
     * @return its descriptor
     * @throws IllegalArgumentException if it does not fit
     */
    public long fill(long offset, byte[] source, int at, int length) {
        if (length > maxLength()) {
            throw new IllegalArgumentException("a packet of " + length + " bytes does not fit a buffer, which takes "
                    + maxLength());
        }
        requireOwn(offset, CLAIMED);
        memory.copyTo(offset, source, at, length);
        return Descriptor.of(offset, length);
    }

    /**
     * A claimed buffer, to be written in place.
     *
     * @param offset what {@link #claim} gave
     * @return its bytes behind the headroom, in network byte order; position 0 is the packet's first byte
     */
    public ByteBuffer buffer(long offset) {
        requireOwn(offset, CLAIMED);
        return memory.slice(Descriptor.of(offset, maxLength()));
    }

    /**
     * The longest packet.
     *
     * @return bytes of a buffer without headroom
     */
    public int maxLength() {
        return Math.min(Descriptor.MAX_LENGTH, geometry.bufferSize() - ChannelGeometry.HEADROOM);
    }

    /**
     * Sends packets: of claimed buffers, or of another channel of the same region, where this process is the receiver. The
     * latter come back by {@link #returned}, to be released there.
     *
     * @param descriptors the packets
     * @param from index of the first entry
     * @param count how many
     * @return how many were sent, from the first on; less than all if too many are on their way
     * @throws IllegalArgumentException if one is neither claimed nor in another part of the region
     */
    public int send(long[] descriptors, int from, int count) {
        // No more on the way than the ring of returns holds: so the receiver can always give back.
        // Those that wait to be handed out count too: they have a place each.
        int room = parked.length - pending - parkedCount;
        if (room < count) {
            reclaim();
            room = parked.length - pending - parkedCount;
        }
        int wanted = Math.min(count, room);
        for (int i = from; i < from + wanted; i++) {
            mark(descriptors[i]);
        }
        int sent = packets.offer(descriptors, from, wanted);
        for (int i = from + sent; i < from + wanted; i++) {
            unmark(descriptors[i]);
        }
        pending += sent;
        return sent;
    }

    private void mark(long descriptor) {
        memory.require(descriptor, "packet");
        long offset = Descriptor.offset(descriptor);
        if (isOwn(offset)) {
            states[requireOwn(offset, CLAIMED)] = SENT;
            return;
        }
        if (foreign == null) {
            foreign = new long[(int) (memory.size() / ChannelGeometry.BUFFER_UNIT) + 1];
        }
        int unit = unitOf(offset);
        if (foreign[unit] != 0) {
            throw new IllegalArgumentException("packet " + Descriptor.show(descriptor) + " is on its way already, as "
                    + Descriptor.show(foreign[unit]));
        }
        foreign[unit] = descriptor;
    }

    private void unmark(long descriptor) {
        long offset = Descriptor.offset(descriptor);
        if (isOwn(offset)) {
            states[requireOwn(offset, SENT)] = CLAIMED;
        } else {
            foreign[unitOf(offset)] = 0;
        }
    }

    private static int unitOf(long offset) {
        return (int) (offset / ChannelGeometry.BUFFER_UNIT);
    }

    private boolean isOwn(long offset) {
        return offset >= buffersFrom && offset < buffersTo;
    }

    private int requireOwn(long offset, int state) {
        int index = isOwn(offset) ? (int) ((offset - buffersFrom) / geometry.bufferSize()) : -1;
        if (index < 0 || states[index] != state) {
            throw new IllegalArgumentException("offset " + offset + " lies in no buffer of this channel that is "
                    + (state == CLAIMED ? "claimed" : "sent"));
        }
        return index;
    }

    private void release(int index) {
        states[index] = FREE;
        free[freeCount++] = index;
    }

    /** Takes back what the receiver has released. */
    private void reclaim() {
        int taken;
        // Not more than were on their way: a receiver that goes on and on does not keep this thread.
        for (int most = pending; most > 0 && (taken = returned.poll(batch, 0, Math.min(BATCH, most))) > 0; most -= taken) {
            for (int i = 0; i < taken; i++) {
                takeBack(batch[i]);
            }
            pending -= taken;
        }
    }

    private void takeBack(long descriptor) {
        memory.require(descriptor, "returned packet");
        long offset = Descriptor.offset(descriptor);
        if (isOwn(offset)) {
            int index = (int) ((offset - buffersFrom) / geometry.bufferSize());
            requireReturnable(states[index] == SENT, descriptor);
            release(index);
            return;
        }
        requireReturnable(foreign != null && foreign[unitOf(offset)] == descriptor, descriptor);
        foreign[unitOf(offset)] = 0;
        parked[parkedCount++] = descriptor;
    }

    private static void requireReturnable(boolean sent, long descriptor) {
        if (!sent) {
            throw new DamagedRegionException("the receiver gave back packet " + Descriptor.show(descriptor)
                    + ", which it has not got");
        }
    }

    /**
     * Takes packets of other channels that the receiver has released, to release them there.
     *
     * @param others where their descriptors go, as they were sent
     * @param from index of the first entry
     * @param count how many at most
     * @return how many there were
     * @throws DamagedRegionException if the receiver gave back what it had not got
     */
    public int returned(long[] others, int from, int count) {
        reclaim();
        int handed = Math.min(count, parkedCount);
        parkedCount -= handed;
        System.arraycopy(parked, parkedCount, others, from, handed);
        return handed;
    }

    /**
     * Takes everything back after the receiver has ended: its packets are lost, all sent buffers are free again, packets of
     * other channels are handed out by {@link #returned}. A new receiver finds an empty channel.
     *
     * @return how many packets were on their way or with the receiver, counting those that it gave back in vain if what it
     *     left cannot be; 0 also if there is a receiver, and nothing was done
     * @throws DamagedRegionException if somebody writes to the rings meanwhile; call it again
     */
    public int recover() {
        if (isPeerPresent()) {
            return 0;
        }
        reclaimFromDead();
        if (!channel.restart()) {
            return 0;
        }
        int recovered = pending;
        for (int index = 0; index < states.length; index++) {
            if (states[index] == SENT) {
                release(index);
            }
        }
        for (int unit = 0; foreign != null && unit < foreign.length; unit++) {
            if (foreign[unit] != 0) {
                parked[parkedCount++] = foreign[unit];
                foreign[unit] = 0;
            }
        }
        pending = 0;
        packets.restart();
        returned.restart();
        return recovered;
    }

    private void reclaimFromDead() {
        try {
            reclaim();
        } catch (DamagedRegionException impossible) {
            // What it left is not needed, and about to be emptied: who was sent what is known here.
        }
    }

    /**
     * Packets on their way or with the receiver.
     *
     * @return how many were sent and have not come back
     */
    public int pending() {
        return pending;
    }

    /**
     * Tells whether the receiver is there: a system call, so not for every packet.
     *
     * @return false if there is none, or it has ended
     */
    public boolean isPeerPresent() {
        return packets.isPeerPresent();
    }

    /** Gives this side up. Idempotent. */
    @Override
    public void close() {
        packets.close();
    }
}
