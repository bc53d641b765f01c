package io.vnfkit.ivshmem.broadcast;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/**
 * Messages from one writer to many readers, in a region.
 *
 * <pre>{@code
 * try (BroadcastWriter writer = Broadcast.create(region, "events", Bytes.kibibytes(64), "manager").writer()) {
 *     writer.write(1, bytes, 0, bytes.length);
 * }
 * BroadcastReader reader = Broadcast.open(region, "events").reader(Start.NEXT);
 * reader.read(handler, 64);
 * }</pre>
 *
 * <p>Readers can have the region attached for reading alone; if it was made with
 * {@link Region#createSealed Region.createSealed(description, READ_ONLY)}, the kernel keeps them from writing. Immutable
 * and thread-safe.
 */
public final class Broadcast {

    private final Region region;
    private final RegionObject object;
    private final BroadcastGeometry geometry;

    private Broadcast(Region region, RegionObject object, BroadcastGeometry geometry) {
        this.region = region;
        this.object = object;
        this.geometry = geometry;
    }

    /**
     * Makes a broadcast.
     *
     * @param region where
     * @param name its name
     * @param capacity bytes of messages with their headers of 16 bytes that a reader may be behind, up to 1 GiB; rounded
     *     up to a power of two
     * @param owner who makes it
     * @return the broadcast
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static Broadcast create(Region region, String name, Bytes capacity, String owner) {
        BroadcastGeometry geometry = BroadcastGeometry.holding(capacity.value());
        RegionObject object = region.create(name, ObjectType.BROADCAST, geometry.length(), 128,
                new Geometry(0, 0, geometry.capacity()), owner, placed -> geometry.initialize(region.window(placed)));
        return new Broadcast(region, object, geometry);
    }

    /**
     * Finds a broadcast.
     *
     * @param region where
     * @param name its name
     * @return the broadcast
     * @throws io.vnfkit.ivshmem.RegionException if there is no broadcast of this name
     * @throws DamagedRegionException if what the directory says of it cannot be
     */
    public static Broadcast open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.BROADCAST);
        BroadcastGeometry geometry = geometryOf(object);
        if (geometry.length() > object.length() || object.offset() % BroadcastGeometry.ALIGNMENT != 0) {
            throw new DamagedRegionException(object + " has no room for a broadcast of " + geometry.capacity()
                    + " bytes at a multiple of " + BroadcastGeometry.ALIGNMENT);
        }
        return new Broadcast(region, object, geometry);
    }

    private static BroadcastGeometry geometryOf(RegionObject object) {
        try {
            return new BroadcastGeometry(Math.toIntExact(object.geometry().third()));
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new DamagedRegionException(object + " cannot be: " + refused.getMessage());
        }
    }

    /**
     * Becomes its writer.
     *
     * @return the writer
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     * @throws DamagedRegionException if the messages in it contradict each other
     */
    public BroadcastWriter writer() {
        return region.take(object, Side.PRODUCER, role -> new BroadcastWriter(memory(), geometry, role));
    }

    /**
     * Begins to read.
     *
     * @param start where to begin
     * @return a reader, one of any number
     * @throws DamagedRegionException if the messages in it contradict each other
     */
    public BroadcastReader reader(Start start) {
        return new BroadcastReader(memory(), geometry, start, () -> region.isTaken(object, Side.PRODUCER));
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
    public BroadcastGeometry geometry() {
        return geometry;
    }
}
