package io.vnfkit.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.hugetlb.Reservation;
import io.vnfkit.linux.Host;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresNumaNodes;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A VNF on one of two NUMA nodes: what it sees, and where its memory comes from. */
@Tag("root")
@LaunchesVnfs
@RequiresNumaNodes(2)
@RequiresFreeHugepages(count = 128)
@RequiresCommand("dpdk-testpmd")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NumaIT {

    private static final Bytes SIZE = Bytes.mebibytes(64);
    private static final String PORTS = " --vdev=net_null0 --vdev=net_null1 ";

    private final CpuSet cpus = HostTopology.read(Host.thisHost()).numa().cpusOf(1);
    private final HugepagePools pools = HugepagePools.of(Host.thisHost());

    private Vnf.Builder onNode1() {
        return InsideVnf.vnf()
                .cgroup(cg -> cg.cpus(cpus).memoryNodes(NodeSet.of(1)).hugetlb(PageSize.MIB_2, SIZE))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(SIZE))
                .with(SysfsMask.onlyGranted());
    }

    private long free(int node) {
        return pools.pool(PageSize.MIB_2).nodes().get(node).free();
    }

    @Test
    void onlyTheGrantedNodeIsSeen() {
        InsideVnf.Seen seen = InsideVnf.run(onNode1(),
                "echo nodes: $(cd /sys/devices/system/node && echo node*)",
                "echo online: $(cat /sys/devices/system/node/online)",
                "echo cpus: $(cat /sys/devices/system/cpu/online)",
                "echo count: $(nproc)",
                "echo listed: $(lscpu -p=CPU,NODE | grep -v '#')",
                "echo free: $(cat /sys/devices/system/node/node1/hugepages/hugepages-2048kB/free_hugepages)",
                "echo total: $(cat /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages)",
                "grep -E 'HugePages_(Total|Free)' /proc/meminfo",
                "numactl --hardware | grep available");

        assertThat(seen.fields()).containsEntry("nodes", "node1").containsEntry("online", "1")
                .containsEntry("cpus", "4-7").containsEntry("count", "4").containsEntry("listed", "4,1 5,1 6,1 7,1")
                .containsEntry("free", "32").containsEntry("total", "32")
                .containsEntry("HugePages_Total", "32").containsEntry("HugePages_Free", "32")
                .containsEntry("available", "1 nodes (1)");
    }

    @Test
    void memoryOfAnUnmodifiedProgramComesFromTheGrantedNode() throws Exception {
        long before0 = free(0);
        long before1 = free(1);
        // Its output into a pipe would stay in a buffer of the C library.
        EalArguments eal = EalArguments.fromGrant().vdev("net_null0").vdev("net_null1")
                .with("--log-level", "lib.eal,8");
        Vnf testpmd = onNode1().command("stdbuf", "-oL", "dpdk-testpmd", eal,
                "--", "--no-mlockall", "--total-num-mbufs=2048").build();
        try (RunningVnf vnf = VnfLauncher.onThisHost().launch(testpmd)) {
            String log = Started.await(vnf, "Press enter to exit");
            String maps = HostShell.run("grep huge /proc/" + vnf.pid() + "/numa_maps");

            assertThat(log).contains("Configuring Port 0 (socket 1)", "Logical Core 1 (socket 1)");
            assertThat(maps).contains(" N1=").doesNotContain(" N0=");
            assertThat(free(1)).isLessThan(before1);
            assertThat(free(0)).isEqualTo(before0);
            vnf.standardInput().write('\n');
            assertThat(vnf.onExit().get(1, TimeUnit.MINUTES)).isZero();
            // It counts node 0 all the same, which it takes all CPUs that it does not see to be on.
            assertThat(new String(vnf.standardError().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("EAL: Detected lcore 4 as core 0 on socket 1", "EAL: Detected CPU lcores: 4")
                    .doesNotContain("Heap on socket 0");
        }
        assertThat(free(1)).isEqualTo(before1);
    }

    @Test
    void askingForMoreThanTheShareIsRefusedByTheProgramItself() {
        InsideVnf.Seen seen = InsideVnf.run(onNode1(), "exec dpdk-testpmd --no-pci -m 128 --file-prefix=more"
                + " --huge-dir=/dev/hugepages" + PORTS + "-- --no-mlockall --total-num-mbufs=2048");

        assertThat(seen.output()).contains("Requested: 128MB, available: 64MB").doesNotContainIgnoringCase("sigbus");
        assertThat(seen.exitCode()).isEqualTo(1);
    }

    @Test
    void theMemoryPolicyIsInForceFromTheStart() {
        Map<MemoryPolicy, String> words = Map.of(
                MemoryPolicy.preferred(1), "prefer:1", MemoryPolicy.bind(NodeSet.of(1)), "bind:1",
                MemoryPolicy.interleave(NodeSet.parse("0-1")), "interleave:0-1");

        words.forEach((policy, word) -> {
            Vnf.Builder vnf = InsideVnf.vnf().cgroup(cg -> cg.cpus(CpuSet.of(0)))
                    .security(security -> security.memoryPolicy(policy));
            assertThat(InsideVnf.run(vnf, "grep -m 1 ' heap' /proc/self/numa_maps").output()).contains(" " + word);
        });
    }

    @Test
    void pagesAreReservedOnOneNode() {
        long before0 = free(0);
        long before1 = free(1);

        Reservation reservation = pools.reserve(PageSize.MIB_2, 1, 8);

        assertThat(reservation.isComplete()).isTrue();
        assertThat(free(1)).isEqualTo(before1 + 8);
        assertThat(free(0)).isEqualTo(before0);
        assertThat(pools.release(PageSize.MIB_2, 1, 8).isComplete()).isTrue();
        assertThat(free(1)).isEqualTo(before1);
    }
}
