package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SharedMemoryCalls;
import java.nio.ByteBuffer;

/**
 * A mapped region. Offsets are of the file, as in descriptors. A buffer of Java reaches less than 2 GiB, so there is one
 * for each GiB that reaches on over the next: what begins in one and is no longer than a GiB lies in it whole.
 */
final class RegionMemory implements AutoCloseable {

    private static final int STEP_LOG2 = 30;
    private static final int STEP_MASK = (1 << STEP_LOG2) - 1;
    /** The longest buffer that surely lies in one window. */
    static final int LONGEST = STEP_MASK;

    private final MappedMemory mapping;
    private final long size;
    private final ByteBuffer[] windows;

    private RegionMemory(MappedMemory mapping, long size) {
        this.mapping = mapping;
        this.size = size;
        this.windows = new ByteBuffer[(int) (size + STEP_MASK >>> STEP_LOG2)];
        for (int i = 0; i < windows.length; i++) {
            long at = (long) i << STEP_LOG2;
            windows[i] = mapping.window(at, (int) Math.min(size - at, Integer.MAX_VALUE));
        }
    }

    /**
     * Maps a file from its beginning, as far as descriptors reach.
     *
     * @param size how much of it is the region
     * @param pageSize of the file
     */
    static RegionMemory map(SharedMemoryCalls calls, int descriptor, long size, long pageSize) {
        long reachable = Math.min(size, MemoryLayout.REACH);
        long pages = (reachable + pageSize - 1) / pageSize * pageSize;
        MappedMemory mapping = MappedMemory.map(calls, descriptor, pages, Access.READ_WRITE);
        try {
            return new RegionMemory(mapping, reachable);
        } catch (RuntimeException failure) {
            mapping.close();
            throw failure;
        }
    }

    long size() {
        return size;
    }

    /** The window in which a buffer lies whole that begins there and has at most {@link #LONGEST} bytes. */
    ByteBuffer windowAt(long offset) {
        return windows[(int) (offset >>> STEP_LOG2)];
    }

    /** Where in that window. */
    static int indexAt(long offset) {
        return (int) offset & STEP_MASK;
    }

    ByteBuffer part(long offset, int length) {
        return mapping.window(offset, length);
    }

    /** Late accesses meet zeros; see {@link MappedMemory#close}. */
    @Override
    public void close() {
        mapping.close();
    }
}
