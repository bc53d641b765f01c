package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// README begin
/** Puts a VNF where its network card is: CPUs and memory of the same NUMA node. */
class PlacementTest {

    /** The manager under test. */
    record Placement(Host host) {

        Vnf place(String name, PciAddress card, int cpuCount) {
            HostTopology topology = HostTopology.read(host);
            int node = topology.pci().device(card).numaNode().orElse(0);
            CpuSet isolated = topology.numa().cpusOf(node).intersection(topology.cpus().isolated());
            CpuSet cpus = CpuSet.of(isolated.stream().limit(cpuCount).toArray());
            Bytes memory = Bytes.mebibytes(512);
            return Vnf.named(name)
                    .cgroup(cg -> cg.cpus(cpus).memoryNodes(NodeSet.of(node)).hugetlb(PageSize.MIB_2, memory))
                    .with(HugetlbfsVolume.at("/dev/hugepages").size(memory))
                    .with(SysfsMask.onlyGranted().pci(card))
                    .command("dpdk-testpmd", EalArguments.fromGrant(), "--", "--forward-mode=mac")
                    .build();
        }
    }

    @TempDir
    Path directory;

    @Test
    void takesCpusAndMemoryOfTheNodeOfTheCard() {
        FakeHost fake = FakeHost.in(directory)
                .sockets(2).coresPerSocket(8).threadsPerCore(2)
                .isolated("2-7,10-15")
                .hugepages(1, PageSize.MIB_2, 1024)
                .nic("0000:81:00.0", nic -> nic.intelX710().driver("vfio-pci").iommuGroup(40).node(1))
                .executable("/usr/bin/dpdk-testpmd")
                .build();

        Vnf vnf = new Placement(fake.host()).place("bng-1", PciAddress.parse("0000:81:00.0"), 4);

        CgroupDescription granted = vnf.cgroup();
        assertThat(granted.cpus()).isEqualTo(CpuSet.parse("10-13"));
        assertThat(granted.memoryNodes()).isEqualTo(NodeSet.of(1));
        LaunchPlan plan = VnfLauncher.on(fake.host()).plan(vnf);
        assertThat(plan.toString()).contains("attach /dev/vfio/40 at /dev/vfio/40", "-a, 0000:81:00.0");
    }

    @Test
    void aCardThatTheKernelStillDrivesIsRefusedBeforeAnythingIsTouched() {
        FakeHost fake = FakeHost.in(directory)
                .isolated("2-3")
                .hugepages(0, PageSize.MIB_2, 1024)
                .nic("0000:05:00.0", nic -> nic.intelX710().driver("i40e").iommuGroup(12).node(0))
                .executable("/usr/bin/dpdk-testpmd")
                .build();
        Vnf vnf = new Placement(fake.host()).place("bng-1", PciAddress.parse("0000:05:00.0"), 2);

        assertThatThrownBy(() -> VnfLauncher.on(fake.host()).plan(vnf))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("bound to the driver i40e");
    }
}
// README end
