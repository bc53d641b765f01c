package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.unit.PageSize;
import java.util.EnumSet;

/** The file that a client's memory is, for as long as the client lives. */
final class ClientFile implements AutoCloseable {

    private static final long SMALL_PAGE = 4096;
    /** Descriptors of the JVM's own stay below. */
    private static final int LOWEST_DUPLICATE = 3;

    private final Kernel kernel;
    private final int descriptor;
    private final long base;
    private final long regionSize;
    private final long pageSize;

    private ClientFile(Kernel kernel, int descriptor, long base, long regionSize, long pageSize) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.base = base;
        this.regionSize = regionSize;
        this.pageSize = pageSize;
    }

    static ClientFile open(Kernel kernel, MemifMemory memory, RingSettings rings) {
        if (memory instanceof MemifMemory.Hugepages hugepages) {
            PageSize size = hugepages.pageSize();
            return sealed(kernel, kernel.memory().hugepageMemfd("memif", size), rings, size.bytes());
        }
        if (memory instanceof MemifMemory.Part part) {
            return part(kernel, part, rings);
        }
        return sealed(kernel, kernel.memory().memfd("memif"), rings, SMALL_PAGE);
    }

    private static ClientFile sealed(Kernel kernel, int descriptor, RingSettings rings, long pageSize) {
        try {
            long size = roundUp(new MemoryLayout(rings, 0).end(), pageSize);
            kernel.files().ftruncate(descriptor, size);
            kernel.memory().addSeals(descriptor, EnumSet.of(Seal.SHRINK, Seal.GROW, Seal.SEAL));
            return new ClientFile(kernel, descriptor, 0, size, pageSize);
        } catch (RuntimeException failure) {
            kernel.files().close(descriptor);
            throw failure;
        }
    }

    private static ClientFile part(Kernel kernel, MemifMemory.Part part, RingSettings rings) {
        OpenFile file = kernel.memory().status(part.descriptor());
        MemoryLayout layout = new MemoryLayout(rings, part.offset());
        if (!file.isRegular() || part.offset() + part.length() > file.size()) {
            throw new IllegalArgumentException("the file has " + file.size() + " bytes: " + part.length() + " from "
                    + part.offset() + " on are not in it");
        }
        if (layout.end() > part.offset() + part.length()) {
            throw new IllegalArgumentException(
                    rings + " take " + rings.memory() + " bytes, more than the part's " + part.length());
        }
        long pageSize = Math.max(SMALL_PAGE, file.blockSize());
        // The server unmaps what it mapped, which on hugepages takes whole pages.
        long size = Math.min(roundUp(layout.end(), pageSize), file.size());
        int duplicate = kernel.files().duplicate(part.descriptor(), LOWEST_DUPLICATE);
        return new ClientFile(kernel, duplicate, part.offset(), size, pageSize);
    }

    private static long roundUp(long bytes, long unit) {
        return (bytes + unit - 1) / unit * unit;
    }

    int descriptor() {
        return descriptor;
    }

    long base() {
        return base;
    }

    long regionSize() {
        return regionSize;
    }

    /** A mapping for one link: what threads of an old link still write, the next link does not see. */
    RegionMemory map() {
        SharedMemoryCalls calls = kernel.memory();
        return RegionMemory.map(calls, descriptor, regionSize, pageSize);
    }

    @Override
    public void close() {
        kernel.files().close(descriptor);
    }
}
