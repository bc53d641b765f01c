package io.vnfkit.ivshmem.packet;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import java.nio.ByteBuffer;

/**
 * The receiver of a packet channel.
 *
 * <pre>{@code
 * long[] packets = new long[32];
 * int received = receiver.receive(packets, 0, 32);
 * for (int i = 0; i < received; i++) {
 *     ByteBuffer packet = receiver.packet(packets[i]);
 *     ...
 * }
 * receiver.release(packets, 0, received);
 * }</pre>
 *
 * <p>Each descriptor is loaded once, and checked against the region before it is handed out. The bytes of a packet are the
 * sender's: one that is hostile can change them at any time. Where that matters, {@link #copy} first and look then.
 *
 * <p>Not thread-safe. Receiving, copying and releasing allocate nothing.
 */
public final class PacketReceiver implements AutoCloseable {

    private final PacketMemory memory;
    private final RingConsumer packets;
    private final RingProducer returned;
    private long lost;

    PacketReceiver(PacketMemory memory, RingConsumer packets, RingProducer returned) {
        this.memory = memory;
        this.packets = packets;
        this.returned = returned;
    }

    /**
     * Takes packets that have arrived.
     *
     * @param descriptors where they go
     * @param from index of the first entry
     * @param count how many at most
     * @return how many there were
     * @throws DamagedRegionException if the sender wrote a descriptor that leads out of the region; the packets of the same
     *     call are lost
     */
    public int receive(long[] descriptors, int from, int count) {
        int received = packets.poll(descriptors, from, count);
        for (int i = from; i < from + received; i++) {
            memory.require(descriptors[i], "received packet");
        }
        return received;
    }

    /**
     * A packet in place.
     *
     * @param descriptor what {@link #receive} gave
     * @return its bytes, in network byte order
     */
    public ByteBuffer packet(long descriptor) {
        return memory.slice(descriptor);
    }

    /**
     * Copies a packet.
     *
     * @param descriptor what {@link #receive} gave
     * @param target where it goes
     * @param at index of its first byte there
     * @return its length
     * @throws IndexOutOfBoundsException if it does not fit
     */
    public int copy(long descriptor, byte[] target, int at) {
        return memory.copyFrom(descriptor, target, at);
    }

    /**
     * Gives packets back to the sender.
     *
     * @param descriptors exactly what {@link #receive} gave
     * @param from index of the first entry
     * @param count how many
     */
    public void release(long[] descriptors, int from, int count) {
        // A sender that keeps to the rules has no more on the way than the ring holds. One that does not loses buffers.
        lost += count - returned.offer(descriptors, from, count);
    }

    /**
     * Packets that could not be given back, because the sender sent more than it may or does not take them back.
     *
     * @return how many
     */
    public long lost() {
        return lost;
    }

    /**
     * Packets that have arrived and were not received.
     *
     * @return how many
     */
    public int size() {
        return packets.size();
    }

    /**
     * Tells whether the sender is there: a system call, so not for every packet.
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
