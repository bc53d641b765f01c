package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.manifest.RegionHeader;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a new region is to be.
 *
 * <pre>{@code
 * RegionDescription.of("packets", Bytes.mebibytes(64)).nodes(NodeSet.of(0)).forVirtualMachines()
 * }</pre>
 *
 * <p>Immutable and thread-safe: every method returns a new value.
 */
public final class RegionDescription {

    private static final int DEFAULT_DIRECTORY = 256;

    private final String name;
    private final Bytes size;
    private final Optional<PageSize> pageSize;
    private final NodeSet nodes;
    private final int cacheLine;
    private final int directoryCapacity;
    private final int mode;
    private final boolean powerOfTwo;
    private final FileOwner owner;

    private RegionDescription(String name, Bytes size, Optional<PageSize> pageSize, NodeSet nodes, int cacheLine,
            int directoryCapacity, int mode, boolean powerOfTwo, FileOwner owner) {
        this.name = name;
        this.size = size;
        this.pageSize = pageSize;
        this.nodes = nodes;
        this.cacheLine = cacheLine;
        this.directoryCapacity = directoryCapacity;
        this.mode = mode;
        this.powerOfTwo = powerOfTwo;
        this.owner = owner;
    }

    /**
     * A region on pages of 2 MiB of any node, for DPDK programs with cache lines of 64 bytes, with room for 256 objects,
     * open to its owner alone.
     *
     * @param name 1 to 63 bytes of letters, digits, dot, dash and underscore, not beginning with dot or dash
     * @param size a multiple of the page size
     * @return the description
     */
    public static RegionDescription of(String name, Bytes size) {
        requireName(name);
        return new RegionDescription(name, Objects.requireNonNull(size, "size"), Optional.of(PageSize.MIB_2),
                NodeSet.empty(), 64,
                DEFAULT_DIRECTORY, 0600, false, FileOwner.OF_CREATOR);
    }

    static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0," + (RegionHeader.MAX_NAME - 1) + "}")) {
            throw new IllegalArgumentException("the name of a region has letters, digits, dot, dash and underscore, does"
                    + " not begin with dot or dash, and is no longer than " + RegionHeader.MAX_NAME + ": \"" + name + "\"");
        }
    }

    /**
     * The size of its pages.
     *
     * @param size a size that the host has
     * @return the new description
     */
    public RegionDescription pageSize(PageSize size) {
        return withPages(Optional.of(size));
    }

    /**
     * Ordinary pages in place of hugepages, as a memfd or a file on tmpfs has them: for tests and for what is not fast.
     * DPDK takes no such memory.
     *
     * @return the new description
     */
    public RegionDescription ordinaryPages() {
        return withPages(Optional.empty());
    }

    private RegionDescription withPages(Optional<PageSize> pages) {
        return new RegionDescription(name, size, pages, nodes, cacheLine, directoryCapacity, mode, powerOfTwo, owner);
    }

    /**
     * Where its pages come from. They are all taken when the region is made; a node without enough is an error then.
     *
     * @param numbers NUMA nodes; empty for any
     * @return the new description
     */
    public RegionDescription nodes(NodeSet numbers) {
        return new RegionDescription(name, size, pageSize, Objects.requireNonNull(numbers, "numbers"), cacheLine,
                directoryCapacity, mode, powerOfTwo, owner);
    }

    /**
     * The cache line that its rings are laid out for.
     *
     * @param bytes RTE_CACHE_LINE_SIZE of the DPDK programs that use them: 64, or 128 on generic arm64 builds
     * @return the new description
     */
    public RegionDescription cacheLine(int bytes) {
        return new RegionDescription(name, size, pageSize, nodes, bytes, directoryCapacity, mode, powerOfTwo, owner);
    }

    /**
     * How many objects it can have.
     *
     * @param objects 1 to 4096
     * @return the new description
     */
    public RegionDescription directory(int objects) {
        return new RegionDescription(name, size, pageSize, nodes, cacheLine, objects, mode, powerOfTwo, owner);
    }

    /**
     * The permissions of its file.
     *
     * @param permissions at most 0777
     * @return the new description
     */
    public RegionDescription mode(int permissions) {
        if ((permissions & ~0777) != 0) {
            throw new IllegalArgumentException(String.format("mode 0%o has bits beyond 0777", permissions));
        }
        return new RegionDescription(name, size, pageSize, nodes, cacheLine, directoryCapacity, permissions, powerOfTwo, owner);
    }

    /**
     * Who owns its file, where that is not the user who makes it. Needs CAP_CHOWN.
     *
     * @param uid user id on this host
     * @param gid group id on this host
     * @return the new description
     */
    public RegionDescription owner(int uid, int gid) {
        return new RegionDescription(name, size, pageSize, nodes, cacheLine, directoryCapacity, mode, powerOfTwo,
                new FileOwner(uid, gid));
    }

    /**
     * A region that a virtual machine can have as a PCI device, too: its size has to be a power of two, because a PCI
     * BAR has no other. QEMU ends with an assertion otherwise.
     *
     * @return the new description
     */
    public RegionDescription forVirtualMachines() {
        return new RegionDescription(name, size, pageSize, nodes, cacheLine, directoryCapacity, mode, true, owner);
    }

    /** What its header will say on pages of that size; throws IllegalArgumentException for what cannot be. */
    RegionHeader header(long pageBytes) {
        if (pageSize.isPresent() && pageSize.get().bytes() != pageBytes) {
            throw new RegionException("region \"" + name + "\" is to lie on pages of " + pageSize.get()
                    + ", but those of the file system are of " + pageBytes + " bytes");
        }
        if (powerOfTwo && Long.bitCount(size.value()) != 1) {
            throw new IllegalArgumentException("a region for virtual machines has a power of two as its size, not "
                    + size + ": a PCI BAR has no other");
        }
        return new RegionHeader(name, UUID.randomUUID(), size.value(), pageBytes, cacheLine, directoryCapacity);
    }

    /**
     * Its name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Its size.
     *
     * @return bytes
     */
    public Bytes size() {
        return size;
    }

    /**
     * The size of its pages.
     *
     * @return the page size; empty for ordinary pages
     */
    public Optional<PageSize> pageSize() {
        return pageSize;
    }

    NodeSet nodes() {
        return nodes;
    }

    int mode() {
        return mode;
    }

    FileOwner owner() {
        return owner;
    }

    /** User and group of a file; -1 leaves it as it is, as in chown(2). */
    record FileOwner(int uid, int gid) {

        static final FileOwner OF_CREATOR = new FileOwner(-1, -1);
    }
}
