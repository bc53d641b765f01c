package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;

/** Regions on ordinary pages, which need neither root nor hugepages. */
public final class TestRegions {

    private TestRegions() {}

    /** A region of its own, open for reading and writing by others. */
    public static Region make(Bytes size) {
        return Region.createSealed(describe(size), Access.READ_WRITE);
    }

    public static RegionDescription describe(Bytes size) {
        return RegionDescription.of("test", size).ordinaryPages();
    }

    /** A second view of the same region, as another process would have it. */
    public static Region attach(Region region) {
        return Region.attach(region.descriptor(), Access.READ_WRITE);
    }
}
