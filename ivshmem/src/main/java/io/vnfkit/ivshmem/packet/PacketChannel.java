package io.vnfkit.ivshmem.packet;

import io.vnfkit.dpdk.channel.ChannelPlace;
import io.vnfkit.dpdk.channel.ChannelSide;
import io.vnfkit.dpdk.channel.Direction;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Packets in one direction, from one sender to one receiver, without a copy.
 *
 * <pre>{@code
 * PacketChannel.create(region, "west-to-east", 2048, 4096, "manager");
 *
 * try (PacketSender sender = PacketChannel.open(region, "west-to-east").sender()) { ... }      // in one container
 * try (PacketReceiver receiver = PacketChannel.open(region, "west-to-east").receiver()) { ... } // in another one
 * }</pre>
 *
 * <p>Buffers belong to the sender. The receiver has a packet from when it takes it until it releases it; then the buffer
 * comes back over a second ring. What was received over one channel can be sent on over another one of the same region,
 * still without a copy. Two channels, one for each direction, make a link.
 *
 * <p>If a process in the middle of a chain dies, the sender in front of it takes back all packets that it had sent, also those
 * that were passed on and that a later process may still read: their buffers are used again under its eyes. It reads wrong
 * bytes then, but nothing outside of the region.
 *
 * <p>Immutable and thread-safe.
 */
public final class PacketChannel {

    private final Region region;
    private final RegionObject object;
    private final ChannelGeometry geometry;

    private PacketChannel(Region region, RegionObject object, ChannelGeometry geometry) {
        this.region = region;
        this.object = object;
        this.geometry = geometry;
    }

    /**
     * Makes a channel.
     *
     * @param region where
     * @param name its name
     * @param bufferSize bytes of a buffer, of which 128 are headroom: a multiple of 2048
     * @param bufferCount number of buffers, and so of packets that are on their way at once
     * @param owner who makes it
     * @return the channel
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static PacketChannel create(Region region, String name, int bufferSize, int bufferCount, String owner) {
        ChannelGeometry geometry = ChannelGeometry.of(bufferSize, bufferCount, region.header().cacheLine());
        RegionObject object = region.create(name, ObjectType.PACKET_CHANNEL, geometry.length(), 4096,
                new Geometry(bufferSize, bufferCount, 0), owner, placed -> prepare(region, placed, geometry));
        return new PacketChannel(region, object, geometry);
    }

    private static void prepare(Region region, RegionObject placed, ChannelGeometry geometry) {
        int length = geometry.ring().length();
        geometry.ring().initialize(region.window(placed, 0, length), placed.name());
        geometry.ring().initialize(region.window(placed, geometry.returnRingAt(), length), placed.name() + "-back");
    }

    /**
     * Finds a channel.
     *
     * @param region where
     * @param name its name
     * @return the channel
     * @throws io.vnfkit.ivshmem.RegionException if there is no channel of this name
     * @throws DamagedRegionException if what the directory says of it cannot be
     */
    public static PacketChannel open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.PACKET_CHANNEL);
        ChannelGeometry geometry = geometryOf(object, region.header().cacheLine());
        if (geometry.length() > object.length() || object.offset() % ChannelGeometry.BUFFER_UNIT != 0) {
            throw new DamagedRegionException(object + " does not hold " + geometry.bufferCount() + " buffers of "
                    + geometry.bufferSize() + " bytes");
        }
        return new PacketChannel(region, object, geometry);
    }

    private static ChannelGeometry geometryOf(RegionObject object, int cacheLine) {
        try {
            return ChannelGeometry.of(Math.toIntExact(object.geometry().first()),
                    Math.toIntExact(object.geometry().second()), cacheLine);
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new DamagedRegionException(object + " cannot be: " + refused.getMessage());
        }
    }

    /**
     * Becomes its sender. If an earlier sender died, its packets have to be back: who knows which buffers they lie in is
     * dead. If the receiver died too, both rings begin anew.
     *
     * @return the sender's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one, or the receiver still holds packets of an earlier one: try
     *     again when it has released them
     */
    public PacketSender sender() {
        return takeAsSender(role -> new PacketSender(this, new PacketMemory(region),
                new RingProducer(packets(), geometry.ring(), role),
                new RingConsumer(returned(), geometry.ring(), Role.UNBOUND)));
    }

    /**
     * The sender's side for a forwarding core: packets that a task sends leave this process without a copy if they came from
     * another channel of the region, or into this one's buffers. The side is taken when the core starts, with the exceptions
     * of {@link #sender}, and given up when the core is closed. That comes before this region is closed.
     *
     * @return the side, for {@link io.vnfkit.dpdk.Forwarding#channel}
     */
    public ChannelSide forwardingSender() {
        return new ForwardingSide(this, Direction.SENDER, place());
    }

    /**
     * The receiver's side for a forwarding core: tasks work on packets where they lie. The side is taken when the core
     * starts, with the exceptions of {@link #receiver}, and given up when the core is closed. That comes before this region
     * is closed.
     *
     * @return the side, for {@link io.vnfkit.dpdk.Forwarding#channel}
     */
    public ChannelSide forwardingReceiver() {
        return new ForwardingSide(this, Direction.RECEIVER, place());
    }

    private ChannelPlace place() {
        long unit = ChannelGeometry.BUFFER_UNIT;
        return new ChannelPlace(region.descriptor(), region.header().size(), region.header().pageSize(),
                region.header().firstObject() + unit - 1 & -unit, object.offset(),
                object.offset() + geometry.returnRingAt(), geometry.ring().size(), geometry.ring().cacheLine(),
                object.offset() + geometry.buffersAt(), geometry.bufferSize(), geometry.bufferCount());
    }

    /** Becomes the sender of an idle channel. */
    <T> T takeAsSender(Function<Role, T> opener) {
        return region.take(object, Side.PRODUCER, role -> {
            if (inFlight() != 0 && !restart()) {
                discardReturned();
                requireNone(inFlight(), "the receiver still holds",
                        "packets of an earlier sender; wait until it has released them");
            }
            return opener.apply(role);
        });
    }

    /** Packets that were sent and have not come back: each comes back once. */
    private int inFlight() {
        return geometry.ring().produced(packets()) - geometry.ring().consumed(returned());
    }

    private void discardReturned() {
        RingConsumer back = new RingConsumer(returned(), geometry.ring(), Role.UNBOUND);
        long[] discarded = new long[geometry.ring().capacity()];
        back.poll(discarded, 0, discarded.length);
    }

    private void requireNone(int packets, String who, String what) {
        if (packets != 0) {
            throw new RegionException(who + " " + Integer.toUnsignedString(packets) + " " + what + ": channel \""
                    + object.name() + "\" in region \"" + region.header().name() + "\"");
        }
    }

    /**
     * Begins anew if there is no receiver. The caller is the sender.
     *
     * @return false if there is a receiver
     */
    boolean restart() {
        return whileNobodyReceives(() -> {
            // Never back to 0: between any two of these stores both rings can be taken over, and nothing seems on its way
            // that is not, or back that is not.
            int sent = geometry.ring().produced(packets());
            geometry.ring().reset(packets(), sent);
            geometry.ring().reset(returned(), sent);
            return 1;
        }) == 1;
    }

    /** Runs an action if there is no receiver, and keeps receivers out as long as it runs. 0 if there is one. */
    long whileNobodyReceives(LongSupplier action) {
        Optional<Role> consumer = region.tryTake(object, Side.CONSUMER);
        if (consumer.isEmpty()) {
            return 0;
        }
        try (Role held = consumer.get()) {
            return action.getAsLong();
        }
    }

    /**
     * Becomes its receiver.
     *
     * @return the receiver's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one, or an earlier one died with packets that it had not
     *     released: {@link PacketSender#recover} has to take them back first
     */
    public PacketReceiver receiver() {
        return takeAsReceiver(role -> new PacketReceiver(new PacketMemory(region),
                new RingConsumer(packets(), geometry.ring(), role),
                new RingProducer(returned(), geometry.ring(), Role.UNBOUND)));
    }

    /** Becomes the receiver of a channel that no earlier one has left packets of. */
    <T> T takeAsReceiver(Function<Role, T> opener) {
        return region.take(object, Side.CONSUMER, role -> {
            requireNone(geometry.ring().consumed(packets()) - geometry.ring().produced(returned()),
                    "an earlier receiver ended with", "packets that it had not released; the sender has to recover them");
            return opener.apply(role);
        });
    }

    private ByteBuffer packets() {
        return region.window(object, 0, geometry.ring().length());
    }

    private ByteBuffer returned() {
        return region.window(object, geometry.returnRingAt(), geometry.ring().length());
    }

    /**
     * Where it lies.
     *
     * @return its entry in the directory
     */
    public RegionObject object() {
        return object;
    }

    /**
     * Its layout.
     *
     * @return the layout
     */
    public ChannelGeometry geometry() {
        return geometry;
    }

    @Override
    public String toString() {
        return "\"" + object.name() + "\" in region \"" + region.header().name() + "\"";
    }
}
