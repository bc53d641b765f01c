package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;

/**
 * A host made of files in a directory, for unit tests without root: CPUs, NUMA nodes, huge pages, PCI devices,
 * control groups.
 *
 * <pre>{@code
 * FakeHost fake = FakeHost.in(tempDir)
 *     .sockets(2).coresPerSocket(18).threadsPerCore(2)
 *     .memoryPerNode(Bytes.gibibytes(64))
 *     .hugepages(0, PageSize.MIB_2, 1024)
 *     .nic("0000:05:00.0", nic -> nic.intel82599().driver("vfio-pci").iommuGroup(12).node(0))
 *     .isolated("2-17")
 *     .build();
 * HostTopology topology = HostTopology.read(fake.host());
 * }</pre>
 *
 * <p>Everything in vnfkit that takes a {@link Host} works on {@link #host()}: reading and planning as on a real
 * machine, and writing where the fake knows what the kernel does with the value:
 *
 * <ul>
 *   <li>A directory made in a control group has that group's files; it can be removed when it has no processes and no
 *       children.
 *   <li>Files of control groups refuse with the kernel's errno what the kernel refuses: CPUs and nodes outside the
 *       parent's, processes before {@code cpuset.cpus} and {@code cpuset.mems} are set, malformed device rules,
 *       controllers that are not there.
 *   <li>{@code nr_hugepages}, global and per node, gives as many pages as the node has memory for.
 *   <li>Files that are read-only in the kernel cannot be opened for writing.
 * </ul>
 *
 * <p>Calls that need a kernel (processes, mounts, memfd, bpf) fail with ENOSYS. Device nodes are ordinary files;
 * their numbers are in sysfs.
 *
 * <p>A host has some sixty files for each CPU: a directory on a tmpfs, such as /dev/shm, makes tests many times
 * faster than one on a disk.
 *
 * <p>Thread-safe. The directory belongs to the caller, who removes it.
 */
public final class FakeHost {

    private final Path root;
    private final Host host;

    FakeHost(Path root, FakeKernel kernel) {
        this.root = root;
        this.host = Host.of(KernelFiles.below(root, kernel), kernel);
    }

    /**
     * Starts to describe a fake host: without further words one socket with four cores of one thread, one node with 8
     * GiB, no huge pages in the pools, no PCI device, control groups of version 2.
     *
     * @param directory an empty directory, or one that does not exist yet
     * @return a new builder
     */
    public static FakeHostBuilder in(Path directory) {
        return new FakeHostBuilder(directory.toAbsolutePath().normalize());
    }

    /**
     * The host of the goal for planning time: two sockets with 36 cores of two threads each, 64 GiB per node, 2 MiB
     * and 1 GiB pages, and 64 ports of Intel X710 cards, half of them bound to vfio-pci.
     *
     * @param directory an empty directory, or one that does not exist yet
     * @return a builder that can be changed before it is built
     */
    public static FakeHostBuilder largeServer(Path directory) {
        return LargeServer.in(directory);
    }

    /**
     * The host for everything that takes one.
     *
     * @return files below the directory, and system calls that work on them
     */
    public Host host() {
        return host;
    }

    /**
     * The directory.
     *
     * @return where the host's / is
     */
    public Path root() {
        return root;
    }

    /**
     * Where a file of the host really is, for tests that look at it or change it.
     *
     * @param path absolute path on the host, such as {@code /sys/devices/system/cpu/online}
     * @return its place below the directory
     */
    public Path file(String path) {
        return host.files().resolve(path);
    }

    @Override
    public String toString() {
        return "fake host in " + root;
    }
}
