package io.vnfkit.ivshmem.order;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/** A small region, since every word of it is kept in all its versions. */
abstract class RegionDuel implements Duel {

    protected final Region region;
    private final ByteBuffer memory;

    RegionDuel() {
        region = Region.createSealed(TestRegions.describe(Bytes.kibibytes(12)).directory(4), Access.READ_WRITE);
        memory = region.window(0, (int) region.header().size());
        Accesses.map(memory);
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void close() {
        region.close();
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
