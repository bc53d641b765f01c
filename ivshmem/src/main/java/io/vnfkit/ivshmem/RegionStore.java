package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

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
    private static final String SOURCE = "vnfkit";
    private static final int OPEN_TO_ALL = 0755;

    private final Host host;

    private RegionStore(Host host) {
        this.host = host;
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
        Path directory = directoryOf(name);
        return Mountinfo.read(files).mounts().stream().anyMatch(mount -> mount.mountPoint().equals(directory));
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
        Path directory = directoryOf(description.name());
        makeDirectories();
        return locked(() -> {
            if (exists(host.files(), description.name())) {
                throw new RegionException("there is a region \"" + description.name() + "\" already: destroy it first");
            }
            makeDirectory(directory, OPEN_TO_ALL);
            return mountAndFill(description, directory, pages + ",mode=0755,size=" + description.size().value());
        });
    }

    private Region mountAndFill(RegionDescription description, Path directory, String options) {
        try {
            syscalls().mount(SOURCE, directory, "hugetlbfs",
                    LinuxConstants.MS_NOSUID | LinuxConstants.MS_NODEV | LinuxConstants.MS_NOEXEC, options);
        } catch (SystemCallException refusal) {
            syscalls().rmdir(directory);
            throw refusal;
        }
        try {
            return Region.create(directory.resolve(FILE), description);
        } catch (RuntimeException failure) {
            remove(directory);
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
        return Mountinfo.read(host.files()).mounts().stream()
                .map(Mountinfo.Mount::mountPoint)
                .filter(point -> DIRECTORY.equals(point.getParent()))
                .map(point -> point.getFileName().toString())
                .distinct().toList();
    }

    /**
     * Gives a region up: its name goes at once, its pages when the last process has detached.
     *
     * @param name its name
     * @throws RegionException if there is no region of this name
     */
    public void destroy(String name) {
        Path directory = directoryOf(name);
        makeDirectories();
        locked(() -> {
            if (!exists(host.files(), name)) {
                throw new RegionException("there is no region \"" + name + "\", only " + names());
            }
            try {
                Region.destroy(directory.resolve(FILE));
            } catch (SystemCallException gone) {
                // A peer that can write to the directory may have removed the file.
                if (gone.errno() != Errno.ENOENT) {
                    throw gone;
                }
            }
            remove(directory);
            return null;
        });
    }

    private void remove(Path directory) {
        // Lazily: a VNF has mounts of its own of it, but a process of this host may have its working directory there.
        syscalls().umount(directory, LinuxConstants.MNT_DETACH);
        syscalls().rmdir(directory);
    }

    private <T> T locked(Supplier<T> work) {
        int lock = syscalls().open(DIRECTORY, LinuxConstants.O_RDONLY, 0);
        try {
            syscalls().lockExclusively(lock);
            return work.get();
        } finally {
            syscalls().close(lock);
        }
    }

    private void makeDirectories() {
        makeDirectory(DIRECTORY.getParent(), OPEN_TO_ALL);
        makeDirectory(DIRECTORY, OPEN_TO_ALL);
    }

    private void makeDirectory(Path directory, int mode) {
        try {
            syscalls().mkdir(directory, mode);
        } catch (SystemCallException refusal) {
            if (refusal.errno() != Errno.EEXIST) {
                throw refusal;
            }
        }
    }

    private Syscalls syscalls() {
        return host.syscalls();
    }
}
