package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;

/** An object in a region, between two others that nobody may touch. */
abstract class RegionTarget implements Target {

    private static final String GUARD = "guard";
    private static final byte PATTERN = 0x5a;

    protected final Region region;
    private final ByteBuffer memory;
    private final String name;

    /** The subclass then makes its object, and calls {@link #guard}. */
    RegionTarget(String name) {
        this.name = name;
        region = Region.createSealed(TestRegions.describe(Bytes.kibibytes(64)).directory(8), Access.READ_WRITE);
        memory = region.window(0, (int) region.header().size());
        guard();
    }

    /** A zone that has to stay as it is. */
    final void guard() {
        ByteBuffer guard = region.window(region.createZone(GUARD + region.objects().size(), Bytes.of(256), "test"));
        for (int i = 0; i < guard.capacity(); i++) {
            guard.put(i, PATTERN);
        }
        Accesses.map(memory);
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int directoryEnd() {
        return (int) region.header().firstObject();
    }

    @Override
    public int from() {
        return (int) region.find(name).orElseThrow().offset();
    }

    @Override
    public int to() {
        return (int) region.find(name).orElseThrow().end();
    }

    /** Does one thing after the other, so-and-so often; what is documented ends one of them, not all. */
    static void repeat(int times, IntPredicate step) {
        for (int i = 0; i < times; i++) {
            try {
                if (!step.test(i)) {
                    return;
                }
            } catch (DamagedRegionException documented) {
                // As documented of everything that reads what others write.
                if (documented.getMessage().isEmpty()) {
                    throw new AssertionError("it is not said what is damaged");
                }
            }
        }
    }

    /** Takes a side; empty-handed if that is refused as documented. */
    static <T> T opened(java.util.function.Supplier<T> side) {
        try {
            return side.get();
        } catch (DamagedRegionException | RegionException documented) {
            return null;
        }
    }

    @Override
    public void close() {
        for (var object : region.objects()) {
            if (object.name().startsWith(GUARD)) {
                requireUntouched(region.window(object));
            }
        }
        region.close();
    }

    private static void requireUntouched(ByteBuffer guard) {
        for (int i = 0; i < guard.capacity(); i++) {
            require(guard.get(i) == PATTERN, "a byte outside of the object was written");
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
