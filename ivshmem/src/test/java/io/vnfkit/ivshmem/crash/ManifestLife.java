package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.Manifest;
import io.vnfkit.ivshmem.manifest.RegionHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Who makes a region, or gives it up, is killed; others find it ready and whole, or not ready. */
public final class ManifestLife implements Life {

    private static final long SIZE = 16384;

    private final ByteBuffer memory = ByteBuffer.allocateDirect((int) SIZE + 8).alignedSlice(8).slice(0, (int) SIZE)
            .order(ByteOrder.nativeOrder());
    private final RegionHeader header;

    public ManifestLife(int variant) {
        header = new RegionHeader("r".repeat(1 + variant * 15), new UUID(variant, 7), SIZE, 4096, 64, 8);
        Accesses.map(memory);
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void victim() {
        for (int i = 0; i < SIZE; i++) {
            if (memory.get(i) != 0) {
                // The file of one that died stays; the next one makes another file.
                return;
            }
        }
        Manifest.create(memory, header, 2).retire();
    }

    @Override
    public void bury() {
        // It has no locks.
    }

    @Override
    public void survivors() {
        try {
            RegionHeader found = Manifest.header(memory);
            RegionLife.require(found.equals(header), "the header is " + found);
            Manifest manifest = Manifest.open(memory, found);
            RegionLife.require(manifest.objects().isEmpty() && manifest.free() == SIZE - header.firstObject(),
                    "a new region has objects");
            RegionLife.require(manifest.epoch() == 2 || manifest.epoch() == 3, "the epoch is " + manifest.epoch());
        } catch (DamagedRegionException unready) {
            RegionLife.require(unready.getMessage().contains("not ready"), unready.getMessage());
        }
    }

    @Override
    public void finish() {
        survivors();
    }

    @Override
    public void close() {
        // The memory goes with this object.
    }
}
