package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.ivshmem.memory.Windows;
import io.vnfkit.linux.SharedMemoryCalls;
import java.nio.ByteBuffer;

/** A mapped region. Offsets are of the file, as in descriptors. */
final class RegionMemory implements AutoCloseable {

    private final MappedMemory mapping;
    private final long size;
    private final Windows windows;

    private RegionMemory(MappedMemory mapping, long size) {
        this.mapping = mapping;
        this.size = size;
        this.windows = new Windows(size, Windows.LONGEST_PIECE, mapping::window);
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

    /** The window in which a buffer lies whole, at {@link Windows#indexOf}. */
    ByteBuffer windowAt(long offset) {
        return windows.of(offset);
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
