package io.vnfkit.ivshmem.ring;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import java.nio.ByteBuffer;

/**
 * A ring in a region.
 *
 * <pre>{@code
 * try (RingProducer producer = SharedRing.create(region, "requests", 1023, "manager").producer()) {
 *     producer.offer(42);
 * }
 * try (RingConsumer consumer = SharedRing.open(region, "requests").consumer()) { ... }
 * }</pre>
 *
 * <p>A DPDK program finds it at {@link #object()}{@code .offset()} from where it mapped the region. Immutable and
 * thread-safe.
 */
public final class SharedRing {

    private final Region region;
    private final RegionObject object;
    private final RingGeometry geometry;

    private SharedRing(Region region, RegionObject object, RingGeometry geometry) {
        this.region = region;
        this.object = object;
        this.geometry = geometry;
    }

    /**
     * Makes a ring of elements of 8 bytes.
     *
     * @param region where
     * @param name its name
     * @param elements how many it has to hold; rounded up to a power of two less one
     * @param owner who makes it
     * @return the ring
     */
    public static SharedRing create(Region region, String name, int elements, String owner) {
        return create(region, name, elements, Long.BYTES, owner);
    }

    /**
     * Makes a ring.
     *
     * @param region where
     * @param name its name
     * @param elements how many it has to hold; rounded up to a power of two less one
     * @param elementSize bytes of an element, a multiple of 8 up to 64
     * @param owner who makes it
     * @return the ring
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static SharedRing create(Region region, String name, int elements, int elementSize, String owner) {
        RingGeometry geometry = RingGeometry.holding(elements, elementSize, region.header().cacheLine());
        Geometry described = new Geometry(elementSize, geometry.size(), 0);
        RegionObject object = region.create(name, ObjectType.RING, geometry.length(), 128, described, owner,
                placed -> geometry.initialize(region.window(placed), name));
        return new SharedRing(region, object, geometry);
    }

    /**
     * Finds a ring.
     *
     * @param region where
     * @param name its name
     * @return the ring
     * @throws io.vnfkit.ivshmem.RegionException if there is no ring of this name
     * @throws DamagedRegionException if what the directory says of it cannot be
     */
    public static SharedRing open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.RING);
        RingGeometry geometry = geometryOf(object, region.header().cacheLine());
        if (geometry.length() > object.length() || object.offset() % geometry.cacheLine() != 0) {
            throw new DamagedRegionException(object + " has no room for a ring of " + geometry.size() + " slots of "
                    + geometry.elementSize() + " bytes at a multiple of " + geometry.cacheLine());
        }
        return new SharedRing(region, object, geometry);
    }

    private static RingGeometry geometryOf(RegionObject object, int cacheLine) {
        Geometry described = object.geometry();
        try {
            int size = Math.toIntExact(described.second());
            return new RingGeometry(Math.toIntExact(described.first()), size, size - 1, cacheLine);
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new DamagedRegionException(object + " cannot be: " + refused.getMessage());
        }
    }

    /**
     * Becomes its producer.
     *
     * @return the producer's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     */
    public RingProducer producer() {
        return region.take(object, Side.PRODUCER, role -> new RingProducer(memory(), geometry, role));
    }

    /**
     * Becomes its consumer.
     *
     * @return the consumer's side
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     */
    public RingConsumer consumer() {
        return region.take(object, Side.CONSUMER, role -> new RingConsumer(memory(), geometry, role));
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
    public RingGeometry geometry() {
        return geometry;
    }
}
