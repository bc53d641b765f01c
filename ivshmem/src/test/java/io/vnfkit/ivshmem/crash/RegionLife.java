package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/** A region that the survivors have attached, and the victim once more. */
abstract class RegionLife implements Life {

    private final ByteBuffer memory;
    protected final Region region;
    private Region victims;

    RegionLife(Bytes size) {
        region = Region.createSealed(TestRegions.describe(size).directory(16), Access.READ_WRITE);
        memory = observed(region);
    }

    private static ByteBuffer observed(Region region) {
        ByteBuffer whole = region.window(0, (int) region.header().size());
        Accesses.map(whole);
        return whole;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    /** A new process attaches the region. */
    Region newVictim() {
        bury();
        victims = TestRegions.attach(region);
        observed(victims);
        return victims;
    }

    @Override
    public void bury() {
        if (victims != null) {
            victims.close();
            victims = null;
        }
    }

    @Override
    public void close() {
        bury();
        region.close();
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
