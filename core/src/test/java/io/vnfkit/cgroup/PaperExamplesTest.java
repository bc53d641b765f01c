package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.EnsureParentCgroup;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the white paper's sections 2.2.1, 2.2.2, 2.2.3 and 5.3.3: the same groups, files and values as its
 * shell commands write, on a host with 8 CPUs and 2 nodes whose hierarchies are all version 1. The freezer is joined
 * besides: it is what the VNF is stopped and killed by.
 */
class PaperExamplesTest {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes().version1("cpuset", "devices", "freezer", "hugetlb");
    }

    private CgroupPlan plan(String name, CgroupDescription.Builder description) {
        return host.plan(name, description.build());
    }

    private static CgroupDescription.Builder group(String parent) {
        return CgroupDescription.builder().parent(Path.of(parent)).allowAllDevices();
    }

    @Test
    void hugetlbLimitOfFourGigabytesForTheGroupTest() {
        CgroupPlan plan = plan("test", group("").hugetlb(PageSize.GIB_1, HugetlbLimit.onFault(Bytes.gibibytes(4))));

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsExactly(
                new CreateCgroup("freezer", CGROUPS.resolve("freezer/test")),
                new CreateCgroup("hugetlb", CGROUPS.resolve("hugetlb/test")),
                new WriteCgroupFile(CGROUPS.resolve("hugetlb/test/hugetlb.1GB.limit_in_bytes"), "4294967296"));
    }

    @Test
    void devicesRevokedAndOneNodeEnabledAgain() {
        CgroupPlan plan = plan("test", group("")
                .denyDevice(DeviceRule.parse("a *:* rwm"))
                .allowDevice(DeviceRule.parse("c 242:2 rwm")));

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsExactly(
                new CreateCgroup("devices", CGROUPS.resolve("devices/test")),
                new WriteCgroupFile(CGROUPS.resolve("devices/test/devices.deny"), "a"),
                new WriteCgroupFile(CGROUPS.resolve("devices/test/devices.allow"), "c 242:2 rwm"),
                new CreateCgroup("freezer", CGROUPS.resolve("freezer/test")));
    }

    @Test
    void cpusZeroToSevenForTheGroupContainer1() {
        CgroupPlan plan = plan("container1", group("").cpus(CpuSet.parse("0-7")));

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsExactly(
                new CreateCgroup("cpuset", CGROUPS.resolve("cpuset/container1")),
                // What the paper leaves out: without nodes the kernel would let no process in.
                new InheritCgroupFile(CGROUPS.resolve("cpuset/container1/cpuset.mems")),
                new WriteCgroupFile(CGROUPS.resolve("cpuset/container1/cpuset.cpus"), "0-7"),
                new CreateCgroup("freezer", CGROUPS.resolve("freezer/container1")));
    }

    @Test
    void hugetlbLimitForContainer1BelowSystemSlice() {
        CgroupPlan plan = plan("container1",
                group("system.slice").hugetlb(PageSize.GIB_1, HugetlbLimit.onFault(Bytes.gibibytes(4))));

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsSubsequence(
                new EnsureParentCgroup("hugetlb", CGROUPS.resolve("hugetlb/system.slice")),
                new CreateCgroup("hugetlb", CGROUPS.resolve("hugetlb/system.slice/container1")),
                new WriteCgroupFile(
                        CGROUPS.resolve("hugetlb/system.slice/container1/hugetlb.1GB.limit_in_bytes"), "4294967296"));
        assertThat(plan.joins()).contains(new CgroupJoin.V1(CGROUPS.resolve("hugetlb/system.slice/container1")));
    }

    @Test
    void memoryOfContainer1OnNodeOne() {
        CgroupPlan plan = plan("container1", group("system.slice").memoryNodes(NodeSet.of(1)).memoryMigrate(true));

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsSubsequence(
                new EnsureParentCgroup("cpuset", CGROUPS.resolve("cpuset/system.slice")),
                new CreateCgroup("cpuset", CGROUPS.resolve("cpuset/system.slice/container1")),
                // "memory that potentially already resides on NUMA node 0 will be migrated"
                new WriteCgroupFile(CGROUPS.resolve("cpuset/system.slice/container1/cpuset.memory_migrate"), "1"),
                new WriteCgroupFile(CGROUPS.resolve("cpuset/system.slice/container1/cpuset.mems"), "1"));
    }
}
