package io.vnfkit.ivshmem.manifest;

import java.util.Objects;
import java.util.UUID;

/**
 * What never changes about a region after it was made. Immutable and thread-safe.
 *
 * @param name its name, 1 to 63 bytes of UTF-8
 * @param id tells it from an earlier region of the same name
 * @param size its length in bytes
 * @param pageSize size of the pages it lies on
 * @param cacheLine the cache line that its rings are laid out for, 64 or 128: RTE_CACHE_LINE_SIZE of the DPDK programs
 *     that use them
 * @param directoryCapacity how many objects it can have
 */
public record RegionHeader(String name, UUID id, long size, long pageSize, int cacheLine, int directoryCapacity) {

    /** The longest name in bytes. */
    public static final int MAX_NAME = 63;

    /** The largest directory: 512 KiB. */
    public static final int MAX_DIRECTORY = 4096;

    /** Checks the parts. */
    public RegionHeader {
        RegionObject.requireText(name, 1, MAX_NAME, "the name of a region");
        Objects.requireNonNull(id, "id");
        if (cacheLine != 64 && cacheLine != 128) {
            throw new IllegalArgumentException("DPDK is built for cache lines of 64 or 128 bytes, not " + cacheLine);
        }
        if (directoryCapacity < 1 || directoryCapacity > MAX_DIRECTORY) {
            throw new IllegalArgumentException(
                    "a directory has room for 1 to " + MAX_DIRECTORY + " objects, not " + directoryCapacity);
        }
        if (pageSize <= 0 || Long.bitCount(pageSize) != 1) {
            throw new IllegalArgumentException("a page size is a power of two, not " + pageSize);
        }
        if (size <= 0 || size % pageSize != 0 || size < ManifestLayout.directoryEnd(directoryCapacity)) {
            throw new IllegalArgumentException("a region is a multiple of its pages of " + pageSize
                    + " bytes and holds its manifest of " + ManifestLayout.directoryEnd(directoryCapacity)
                    + " bytes, but " + size + " was asked for");
        }
    }

    /**
     * Where objects begin.
     *
     * @return offset behind the manifest
     */
    public long firstObject() {
        return ManifestLayout.directoryEnd(directoryCapacity);
    }
}
