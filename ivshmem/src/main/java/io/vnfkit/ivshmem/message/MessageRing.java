package io.vnfkit.ivshmem.message;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/**
 * A ring of messages in a region.
 *
 * <pre>{@code
 * try (MessageProducer producer = MessageRing.create(region, "orders", Bytes.kibibytes(64), "manager").producer()) {
 *     producer.offer(1, bytes, 0, bytes.length);
 * }
 * try (MessageConsumer consumer = MessageRing.open(region, "orders").consumer()) {
 *     consumer.read(handler, 64);
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class MessageRing {

    private final Region region;
    private final RegionObject object;
    private final MessageGeometry geometry;

    private MessageRing(Region region, RegionObject object, MessageGeometry geometry) {
        this.region = region;
        this.object = object;
        this.geometry = geometry;
    }

    /**
     * Makes a ring.
     *
     * @param region where
     * @param name its name
     * @param capacity bytes of messages with their headers of 8 bytes that it has to hold, up to 1 GiB; rounded up to a
     *     power of two
     * @param owner who makes it
     * @return the ring
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static MessageRing create(Region region, String name, Bytes capacity, String owner) {
        MessageGeometry geometry = MessageGeometry.holding(capacity.value());
        RegionObject object = region.create(name, ObjectType.MESSAGE_RING, geometry.length(), 128,
                new Geometry(0, 0, geometry.capacity()), owner, placed -> geometry.initialize(region.window(placed)));
        return new MessageRing(region, object, geometry);
    }

    /**
     * Finds a ring.
     *
     * @param region where
     * @param name its name
     * @return the ring
     * @throws io.vnfkit.ivshmem.RegionException if there is no message ring of this name
     * @throws DamagedRegionException if what the directory says of it cannot be
     */
    public static MessageRing open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.MESSAGE_RING);
        MessageGeometry geometry = geometryOf(object);
        if (geometry.length() > object.length() || object.offset() % Long.BYTES != 0) {
            throw new DamagedRegionException(object + " has no room for a message ring of " + geometry.capacity()
                    + " bytes at a multiple of 8");
        }
        return new MessageRing(region, object, geometry);
    }

    private static MessageGeometry geometryOf(RegionObject object) {
        try {
            return new MessageGeometry(Math.toIntExact(object.geometry().third()));
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new DamagedRegionException(object + " cannot be: " + refused.getMessage());
        }
    }

    /**
     * Becomes its producer.
     *
     * @return the producer's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     * @throws DamagedRegionException if the messages in it contradict each other
     */
    public MessageProducer producer() {
        return region.take(object, Side.PRODUCER, role -> new MessageProducer(memory(), geometry, role));
    }

    /**
     * Becomes its consumer.
     *
     * @return the consumer's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     * @throws DamagedRegionException if the position in it cannot be
     */
    public MessageConsumer consumer() {
        return region.take(object, Side.CONSUMER, role -> new MessageConsumer(memory(), geometry, role));
    }

    private ByteBuffer memory() {
        return region.window(object, 0, geometry.length());
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
    public MessageGeometry geometry() {
        return geometry;
    }
}
