package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.SystemCallException;
import java.nio.file.Path;
import java.util.List;

/**
 * The regions of this host that VNFs get: each on a hugetlbfs of its own below /run/vnfkit/regions, which holds no more
 * than the region. So a VNF that is given one can reach neither another region nor further pages.
 *
 * <pre>{@code
 * RegionStore regions = RegionStore.onThisHost();
 * try (Region packets = regions.create(RegionDescription.of("packets", Bytes.mebibytes(64)))) {
 *     PacketChannel.create(packets, "west-to-east", 2048, 4096, "manager");
 *     ... launch VNFs .with(SharedRegion.named("packets").readWrite())
 * } finally {
 *     regions.destroy("packets");
 * }
 * }</pre>
 *
 * <p>Making and destroying needs CAP_SYS_ADMIN for the mount; it is made in the mount namespace of this process. Regions
 * stay until they are destroyed, also beyond the end of this process. Thread-safe, also between processes.
 */
public final class RegionStore {

    static final Path DIRECTORY = Path.of("/run/vnfkit/regions");
    static final String FILE = "region";

    private final NamedMounts mounts;

    private RegionStore(Host host) {
        this.mounts = new NamedMounts(host, DIRECTORY);
    }

    /**
     * The regions of this machine.
     *
     * @return the store
     */
    public static RegionStore onThisHost() {
        return new RegionStore(Host.thisHost());
    }

    /** The directory that a region's file system is mounted on. */
    static Path directoryOf(String name) {
        RegionDescription.requireName(name);
        return DIRECTORY.resolve(name);
    }

    /** Whether there is a region of this name on a host. */
    static boolean exists(KernelFiles files, String name) {
        return NamedMounts.find(files, directoryOf(name)).isPresent();
    }

    /**
     * Where the file of a region is on this host.
     *
     * @param name name of the region
     * @return the path, whether it exists or not
     */
    public Path file(String name) {
        return directoryOf(name).resolve(FILE);
    }

    /**
     * Makes a region.
     *
     * @param description what it is to be, on hugepages
     * @return the region, attached for reading and writing; closing it does not destroy it
     * @throws RegionException if there is a region of this name
     * @throws SystemCallException if the kernel refuses, for instance for want of hugepages: nothing is left then
     * @throws IllegalArgumentException if it is described with ordinary pages
     */
    public Region create(RegionDescription description) {
        String pages = "pagesize=" + description.pageSize().orElseThrow(() -> new IllegalArgumentException(
                "a region of VNFs lies on hugepages")).bytes();
        return mounts.locked(() -> {
            if (mounts.exists(description.name())) {
                throw new RegionException("there is a region \"" + description.name() + "\" already: destroy it first");
            }
            return mountAndFill(description, pages + ",mode=0755,size=" + description.size().value());
        });
    }

    private Region mountAndFill(RegionDescription description, String options) {
        mounts.mount(description.name(), "hugetlbfs", options);
        try {
            return Region.create(file(description.name()), description);
        } catch (RuntimeException failure) {
            mounts.remove(description.name());
            throw failure;
        }
    }

    /**
     * Attaches a region of this host.
     *
     * @param name its name
     * @param access what is to be done with it
     * @return the region
     * @throws SystemCallException ENOENT if there is none of this name
     */
    public Region attach(String name, Access access) {
        return Region.attach(file(name), access);
    }

    /**
     * Names of all regions.
     *
     * @return the names, in no order
     */
    public List<String> names() {
        return mounts.names();
    }

    /**
     * Gives a region up: its name goes at once, its pages when the last process has detached.
     *
     * @param name its name
     * @throws RegionException if there is no region of this name
     */
    public void destroy(String name) {
        Path file = file(name);
        mounts.locked(() -> {
            if (!mounts.exists(name)) {
                throw new RegionException("there is no region \"" + name + "\", only " + names());
            }
            try {
                Region.destroy(file);
            } catch (SystemCallException gone) {
                // A peer that can write to the directory may have removed the file.
                if (gone.errno() != Errno.ENOENT) {
                    throw gone;
                }
            }
            mounts.remove(name);
            return null;
        });
    }
}
