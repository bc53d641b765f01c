package io.vnfkit.sysfs.fake;

import io.vnfkit.sysfs.fake.FakeHostBuilder.FakeHostPlan;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the files of a fake host that was checked. */
final class FakeHostFiles {

    private final FakeHostPlan plan;
    private final FakeTree tree;
    private final FakeMachine machine;

    FakeHostFiles(Path directory, FakeHostPlan plan) {
        this.plan = plan;
        this.tree = new FakeTree(directory);
        this.machine = machine(plan);
    }

    static FakeMachine machine(FakeHostPlan plan) {
        SortedMap<Integer, Bytes> memory = new TreeMap<>();
        for (int node = 0; node < plan.sockets * plan.nodesPerSocket; node++) {
            memory.put(node, plan.memory.getOrDefault(node, plan.memoryPerNode));
        }
        return new FakeMachine(plan.architecture, plan.sockets, plan.coresPerSocket, plan.threadsPerCore,
                plan.nodesPerSocket, plan.numa, memory, plan.offline, plan.isolated, plan.nohzFull,
                plan.hugepages ? plan.architecture.pageSizes() : List.of());
    }

    FakeHost write() {
        new CpuFiles(tree, machine).write();
        new NodeFiles(tree, machine).write();
        FakePools pools = new FakePools(tree, machine);
        plan.pools.forEach(pool -> pools.set(pool.node(), pool.size(), pool.pages()));
        pools.write();
        SortedMap<PciAddress, FakePciDevice> devices = new TreeMap<>();
        plan.devices.forEach(device -> devices.put(device.address(), device));
        new PciFiles(tree, machine, devices).write();
        new ProcFiles(tree, machine).write(commandLine(), plan.kernelRelease);
        MountTable mounts = mounts();
        mounts.write(tree);
        FakeCgroupTree cgroups = new FakeCgroupTree(tree, machine, plan.cgroups);
        cgroups.writeRoots();
        plan.interfaces.forEach(name -> new NetworkFiles(tree).writeVirtual(name));
        plan.executables.forEach(tree::executable);
        plan.files.forEach(tree::file);
        return new FakeHost(tree.root(), new FakeKernel(tree, new FakeControlFiles(tree, pools, cgroups), mounts));
    }

    private String commandLine() {
        return plan.commandLine + parameter(" isolcpus=", plan.isolated) + parameter(" nohz_full=", plan.nohzFull);
    }

    private static String parameter(String name, CpuSet cpus) {
        return cpus.isEmpty() ? "" : name + cpus;
    }

    private MountTable mounts() {
        MountTable mounts = new MountTable()
                .add("/", "ext4", "/dev/sda1", "")
                .add("/proc", "proc", "proc", "")
                .add("/sys", "sysfs", "sysfs", "")
                .add("/dev", "devtmpfs", "devtmpfs", "mode=755")
                .add("/dev/shm", "tmpfs", "tmpfs", "")
                .add("/dev/pts", "devpts", "devpts", "mode=600,ptmxmode=000")
                .add("/run", "tmpfs", "tmpfs", "mode=755");
        plan.cgroups.addMounts(mounts);
        plan.hugetlbfs.forEach(mount -> mounts.add(mount.target(), "hugetlbfs", "hugetlbfs",
                "pagesize=" + (mount.size().bytes() >> 20 > 0
                        ? (mount.size().bytes() >> 20) + "M"
                        : (mount.size().bytes() >> 10) + "K")));
        return mounts;
    }
}
