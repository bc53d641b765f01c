package io.vnfkit.ivshmem.table;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import java.nio.ByteBuffer;

/**
 * A table of keys and values in a region.
 *
 * <pre>{@code
 * try (TableWriter writer = SharedTable.create(region, "settings", new TableGeometry(32, 100, 256), "manager").writer()) {
 *     writer.putText("mtu", "9000");
 * }
 * Optional<String> mtu = SharedTable.open(region, "settings").reader().getText("mtu");
 * }</pre>
 *
 * <p>Readers can have the region attached for reading alone. Immutable and thread-safe.
 */
public final class SharedTable {

    private final Region region;
    private final RegionObject object;
    private final TableGeometry geometry;

    private SharedTable(Region region, RegionObject object, TableGeometry geometry) {
        this.region = region;
        this.object = object;
        this.geometry = geometry;
    }

    /**
     * Makes a table.
     *
     * @param region where
     * @param name its name
     * @param geometry how long keys and values can be, and how many there are
     * @param owner who makes it
     * @return the table
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static SharedTable create(Region region, String name, TableGeometry geometry, String owner) {
        Geometry described = new Geometry(geometry.maxKey(), geometry.entries(), geometry.maxValue());
        RegionObject object = region.create(name, ObjectType.TABLE, geometry.length(), 128, described, owner,
                placed -> geometry.initialize(region.window(placed)));
        return new SharedTable(region, object, geometry);
    }

    /**
     * Finds a table.
     *
     * @param region where
     * @param name its name
     * @return the table
     * @throws io.vnfkit.ivshmem.RegionException if there is no table of this name
     * @throws DamagedRegionException if what the directory says of it cannot be
     */
    public static SharedTable open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.TABLE);
        TableGeometry geometry = geometryOf(object);
        if (geometry.length() > object.length() || object.offset() % Long.BYTES != 0) {
            throw new DamagedRegionException(object + " has no room for a table of " + geometry.length()
                    + " bytes at a multiple of 8");
        }
        return new SharedTable(region, object, geometry);
    }

    private static TableGeometry geometryOf(RegionObject object) {
        Geometry described = object.geometry();
        try {
            return new TableGeometry(Math.toIntExact(described.first()), Math.toIntExact(described.second()),
                    Math.toIntExact(described.third()));
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new DamagedRegionException(object + " cannot be: " + refused.getMessage());
        }
    }

    /**
     * Becomes its writer.
     *
     * @return the writer
     * @throws io.vnfkit.ivshmem.RegionException if it has one
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public TableWriter writer() {
        return region.take(object, Side.PRODUCER, role -> new TableWriter(memory(), geometry, role));
    }

    /**
     * Begins to read.
     *
     * @return a reader, one of any number
     * @throws DamagedRegionException if the table in memory is another one
     */
    public TableReader reader() {
        return new TableReader(memory(), geometry, () -> region.isTaken(object, Side.PRODUCER));
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
    public TableGeometry geometry() {
        return geometry;
    }
}
