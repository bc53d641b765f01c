package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Describes a fake host; see {@link FakeHost}. Not thread-safe. */
public final class FakeHostBuilder {

    private final Path directory;
    final FakeHostPlan plan = new FakeHostPlan();

    FakeHostBuilder(Path directory) {
        this.directory = directory;
    }

    /** What was said so far; package-private fields, since only the builder and its checks see it. */
    static final class FakeHostPlan {
        FakeArchitecture architecture = FakeArchitecture.X86_64;
        int sockets = 1;
        int coresPerSocket = 4;
        int threadsPerCore = 1;
        int nodesPerSocket = 1;
        boolean numa = true;
        boolean hugepages = true;
        Bytes memoryPerNode = Bytes.gibibytes(8);
        final Map<Integer, Bytes> memory = new TreeMap<>();
        CpuSet offline = CpuSet.empty();
        CpuSet isolated = CpuSet.empty();
        CpuSet nohzFull = CpuSet.empty();
        final List<Pool> pools = new ArrayList<>();
        final List<FakePciDevice> devices = new ArrayList<>();
        final List<HugetlbfsMount> hugetlbfs = new ArrayList<>();
        final Map<String, String> files = new LinkedHashMap<>();
        final List<String> executables = new ArrayList<>();
        final List<String> interfaces = new ArrayList<>();
        String commandLine = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet";
        String kernelRelease = "6.1.0-fake";
        FakeCgroups cgroups = FakeCgroups.V2;
    }

    /** Pages asked for on a node. */
    record Pool(int node, PageSize size, long pages) {}

    /** A mounted hugetlbfs. */
    record HugetlbfsMount(String target, PageSize size) {}

    /**
     * Another architecture than x86-64.
     *
     * @param architecture the architecture
     * @return this builder
     */
    public FakeHostBuilder architecture(FakeArchitecture architecture) {
        plan.architecture = Objects.requireNonNull(architecture, "architecture");
        return this;
    }

    /**
     * Number of processor packages.
     *
     * @param count at least 1
     * @return this builder
     */
    public FakeHostBuilder sockets(int count) {
        plan.sockets = count;
        return this;
    }

    /**
     * Number of cores in a package.
     *
     * @param count at least 1
     * @return this builder
     */
    public FakeHostBuilder coresPerSocket(int count) {
        plan.coresPerSocket = count;
        return this;
    }

    /**
     * Number of hardware threads in a core. CPUs are numbered as on servers: the first threads of all cores, socket
     * by socket, then the second threads.
     *
     * @param count at least 1
     * @return this builder
     */
    public FakeHostBuilder threadsPerCore(int count) {
        plan.threadsPerCore = count;
        return this;
    }

    /**
     * Number of NUMA nodes in a package, for clusters within a socket.
     *
     * @param count at least 1; divides the number of cores
     * @return this builder
     */
    public FakeHostBuilder nodesPerSocket(int count) {
        plan.nodesPerSocket = count;
        return this;
    }

    /**
     * A kernel without NUMA: there is no /sys/devices/system/node. Pages of the pools are given for node 0.
     *
     * @return this builder
     */
    public FakeHostBuilder withoutNuma() {
        plan.numa = false;
        return this;
    }

    /**
     * A kernel without hugetlbfs.
     *
     * @return this builder
     */
    public FakeHostBuilder withoutHugepages() {
        plan.hugepages = false;
        return this;
    }

    /**
     * Memory of every node.
     *
     * @param amount the amount
     * @return this builder
     */
    public FakeHostBuilder memoryPerNode(Bytes amount) {
        plan.memoryPerNode = Objects.requireNonNull(amount, "amount");
        return this;
    }

    /**
     * Memory of one node.
     *
     * @param node its number
     * @param amount the amount; zero for a node without memory
     * @return this builder
     */
    public FakeHostBuilder memory(int node, Bytes amount) {
        plan.memory.put(node, Objects.requireNonNull(amount, "amount"));
        return this;
    }

    /**
     * Huge pages in the pool of a node, all free.
     *
     * @param node the node's number
     * @param size the page size
     * @param pages how many
     * @return this builder
     */
    public FakeHostBuilder hugepages(int node, PageSize size, long pages) {
        plan.pools.add(new Pool(node, Objects.requireNonNull(size, "size"), pages));
        return this;
    }

    /**
     * A hugetlbfs that the host has mounted, without size limit.
     *
     * @param target where
     * @param size its page size
     * @return this builder
     */
    public FakeHostBuilder hugetlbfs(String target, PageSize size) {
        plan.hugetlbfs.add(new HugetlbfsMount(target, Objects.requireNonNull(size, "size")));
        return this;
    }

    /**
     * A network card; without further words an Intel 82599 with its kernel driver.
     *
     * @param address its PCI address
     * @param description called with the device
     * @return this builder
     */
    public FakeHostBuilder nic(String address, Consumer<FakePciDevice> description) {
        return pciDevice(address, nic -> description.accept(nic.intel82599()));
    }

    /**
     * Any PCI device.
     *
     * @param address its PCI address
     * @param description called with the device
     * @return this builder
     */
    public FakeHostBuilder pciDevice(String address, Consumer<FakePciDevice> description) {
        FakePciDevice device = new FakePciDevice(PciAddress.parse(address));
        description.accept(device);
        plan.devices.add(device);
        return this;
    }

    /**
     * CPUs that are switched off.
     *
     * @param cpus a list as the kernel writes it, such as {@code 2-5,8}
     * @return this builder
     */
    public FakeHostBuilder offline(String cpus) {
        plan.offline = CpuSet.parse(cpus);
        return this;
    }

    /**
     * CPUs outside the scheduler's domains; {@code isolcpus=} is added to the kernel's command line.
     *
     * @param cpus a list as the kernel writes it
     * @return this builder
     */
    public FakeHostBuilder isolated(String cpus) {
        plan.isolated = CpuSet.parse(cpus);
        return this;
    }

    /**
     * CPUs without a periodic tick; {@code nohz_full=} is added to the kernel's command line.
     *
     * @param cpus a list as the kernel writes it
     * @return this builder
     */
    public FakeHostBuilder nohzFull(String cpus) {
        plan.nohzFull = CpuSet.parse(cpus);
        return this;
    }

    /**
     * The kernel's command line, without what other methods add to it.
     *
     * @param text the parameters
     * @return this builder
     */
    public FakeHostBuilder kernelCommandLine(String text) {
        plan.commandLine = Objects.requireNonNull(text, "text");
        return this;
    }

    /**
     * What {@code uname -r} says.
     *
     * @param release such as {@code 6.1.0-18-amd64}
     * @return this builder
     */
    public FakeHostBuilder kernelRelease(String release) {
        plan.kernelRelease = Objects.requireNonNull(release, "release");
        return this;
    }

    /**
     * How control groups are mounted.
     *
     * @param layout the layout
     * @return this builder
     */
    public FakeHostBuilder cgroups(FakeCgroups layout) {
        plan.cgroups = Objects.requireNonNull(layout, "layout");
        return this;
    }

    /**
     * A program that the host has.
     *
     * @param path such as {@code /usr/bin/dpdk-testpmd}
     * @return this builder
     */
    public FakeHostBuilder executable(String path) {
        plan.executables.add(Objects.requireNonNull(path, "path"));
        return this;
    }

    /**
     * A network interface without hardware, such as a veth or a bridge.
     *
     * @param name its name
     * @return this builder
     */
    public FakeHostBuilder networkInterface(String name) {
        plan.interfaces.add(Objects.requireNonNull(name, "name"));
        return this;
    }

    /**
     * Any other file, or another content for one that the builder makes.
     *
     * @param path absolute path on the host
     * @param content its content
     * @return this builder
     */
    public FakeHostBuilder file(String path, String content) {
        plan.files.put(path, Objects.requireNonNull(content, "content"));
        return this;
    }

    /**
     * Makes the host.
     *
     * @return the host
     * @throws FakeHostException if no kernel would run on such a machine; it lists all reasons, and nothing is written
     */
    public FakeHost build() {
        List<String> problems = new FakeHostChecks(directory, plan).problems();
        if (!problems.isEmpty()) {
            throw new FakeHostException(problems);
        }
        return new FakeHostFiles(directory, plan).write();
    }
}
