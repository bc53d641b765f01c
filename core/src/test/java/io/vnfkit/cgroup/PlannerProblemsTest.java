package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerProblemsTest {

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes();
    }

    private static CgroupDescription.Builder builder() {
        return CgroupDescription.builder().allowAllDevices();
    }

    private Problem only(CgroupDescription.Builder description) {
        CgroupPlan plan = host.plan("a", description.build());
        assertThat(plan.problems()).hasSize(1);
        return plan.problems().get(0);
    }

    private void assertFine(CgroupDescription.Builder description) {
        assertThat(host.plan("a", description.build()).problems()).isEmpty();
    }

    private FakeGroups version1() {
        return host.version1("cpuset", "devices", "freezer", "hugetlb");
    }

    private FakeGroups version2() {
        return host.version2("/sys/fs/cgroup", "cpuset", "hugetlb");
    }

    @Test
    void cpuThatDoesNotExist() {
        version1();

        assertThat(only(builder().cpus(CpuSet.parse("6-9"))).what())
                .isEqualTo("CPUs 8-9 do not exist, the host has 0-7");
    }

    @Test
    void cpuThatIsOffline() {
        version1().file("/sys/devices/system/cpu/online", "0-5,7");

        Problem problem = only(builder().cpus(CpuSet.parse("6-7")));

        assertThat(problem.what()).isEqualTo("CPUs 6 are offline, online are 0-5,7");
        assertThat(problem.cure()).isEqualTo("bring them up: echo 1 > /sys/devices/system/cpu/cpu6/online");
    }

    @Test
    void cpuOutsideOfTheParentGroup() {
        version1().file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.cpus", "0-3")
                .file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.effective_cpus", "0-2");

        assertThat(only(builder().cpus(CpuSet.parse("2-4"))).what())
                .isEqualTo("CPUs 3-4 are not in the parent group, which has "
                        + "0-2 (/sys/fs/cgroup/cpuset/vnfkit/cpuset.effective_cpus)");
    }

    @Test
    void emptyParentGroupWillInherit() {
        version1().file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.cpus", "")
                .file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.mems", "");

        assertFine(builder().cpus(CpuSet.parse("2-4")));
    }

    @Test
    void cpuThatAPartitionTookAwayInVersion2() {
        version2().file("/sys/fs/cgroup/vnfkit/cpuset.cpus.effective", "0-3");

        assertThat(only(builder().cpus(CpuSet.parse("3-4"))).what()).contains("CPUs 4 are not in the parent group");
    }

    @Test
    void ownPartitionMayKeepItsCpus() {
        version2().file("/sys/fs/cgroup/vnfkit/cpuset.cpus.effective", "0-3")
                .file("/sys/fs/cgroup/vnfkit/a/cpuset.cpus.exclusive.effective", "4-7");

        assertFine(builder().cpus(CpuSet.parse("3-4")));
    }

    @Test
    void nodeWithoutMemory() {
        version1().file("/sys/devices/system/node/has_memory", "0");

        Problem problem = only(builder().memoryNodes(NodeSet.of(1)));

        assertThat(problem.where()).isEqualTo("cgroup.memoryNodes");
        assertThat(problem.what()).isEqualTo("nodes 1 have no memory or do not exist, with memory are 0");
    }

    @Test
    void nodeOutsideOfTheParentGroup() {
        version1().file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.mems", "0");

        assertThat(only(builder().memoryNodes(NodeSet.of(1))).what())
                .contains("nodes 1 are not in the parent group, which has 0");
    }

    @Test
    void partitionNeedsVersion2() {
        version1();

        Problem problem = only(builder().cpus(CpuSet.of(1)).partition(Partition.ISOLATED));

        assertThat(problem.where()).isEqualTo("cgroup.partition");
        assertThat(problem.what()).contains("needs cpuset of version 2").contains("/sys/fs/cgroup/cpuset");
    }

    @Test
    void exclusiveNeedsVersion1() {
        version2();

        assertThat(only(builder().cpus(CpuSet.of(1)).exclusive(true)).cure()).contains("Partition.ROOT");
    }

    @Test
    void version2AlwaysMigrates() {
        version2();

        assertFine(builder().memoryNodes(NodeSet.of(0)).memoryMigrate(true));
        assertThat(only(builder().memoryNodes(NodeSet.of(0)).memoryMigrate(false)).where())
                .isEqualTo("cgroup.memoryMigrate");
    }

    @Test
    void exclusiveParentIsNeeded() {
        version1();

        assertFine(builder().parent(Path.of("")).cpus(CpuSet.of(1)).exclusive(true));
        assertThat(only(builder().cpus(CpuSet.of(1)).exclusive(true)).what())
                .isEqualTo("the parent group /sys/fs/cgroup/cpuset/vnfkit is not exclusive itself");
    }

    @Test
    void siblingMustNotShareExclusiveCpus() {
        version1().file("/sys/fs/cgroup/cpuset/docker/cpuset.cpus", "0-3")
                .file("/sys/fs/cgroup/cpuset/docker/cpuset.cpu_exclusive", "0")
                .file("/sys/fs/cgroup/cpuset/rt/cpuset.cpus", "6-7")
                .file("/sys/fs/cgroup/cpuset/rt/cpuset.cpu_exclusive", "1");

        assertFine(builder().parent(Path.of("")).cpus(CpuSet.of(2)));
        assertThat(only(builder().parent(Path.of("")).cpus(CpuSet.of(2)).exclusive(true)).what())
                .isEqualTo("CPUs 2 belong to the group /sys/fs/cgroup/cpuset/docker as well,"
                        + " and one of both is exclusive");
        assertThat(only(builder().parent(Path.of("")).cpus(CpuSet.of(5, 6))).what())
                .contains("/sys/fs/cgroup/cpuset/rt");
    }

    @Test
    void missingControllerSaysWhatToMount() {
        host.version1("cpuset", "freezer");

        Problem problem = only(builder().hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)));

        assertThat(problem.where()).isEqualTo("cgroup.hugetlb");
        assertThat(problem.cure()).contains("mount -t cgroup -o hugetlb");
    }

    @Test
    void pageSizeThatTheHostDoesNotHave() {
        version2();

        assertThat(only(builder().hugetlb(PageSize.MIB_32, Bytes.mebibytes(32))).what())
                .isEqualTo("the host has no huge pages of 32MiB, it has [2MiB, 1GiB]");
    }

    @Test
    void kernelWithoutReservationLimits() throws Exception {
        version1();
        Files.delete(root.resolve("sys/fs/cgroup/hugetlb/hugetlb.2MB.rsvd.limit_in_bytes"));

        assertThat(only(builder().hugetlb(PageSize.MIB_2, Bytes.mebibytes(2))).what())
                .contains("no reservation limit (rsvd)");
        assertFine(builder().hugetlb(PageSize.MIB_2, HugetlbLimit.onFault(Bytes.mebibytes(2))));
    }

    @Test
    void lowerLimitOfTheParentGroup() {
        version2().file("/sys/fs/cgroup/vnfkit/hugetlb.2MB.max", "4194304")
                .file("/sys/fs/cgroup/vnfkit/hugetlb.2MB.rsvd.max", "max");

        assertFine(builder().hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)));
        assertThat(only(builder().hugetlb(PageSize.MIB_2, Bytes.mebibytes(8))).what())
                .isEqualTo("the parent group has a lower limit of 4MiB than the 8MiB wanted "
                        + "(/sys/fs/cgroup/vnfkit/hugetlb.2MB.max)");
    }

    @Test
    void deviceThatTheParentGroupDenies() {
        version1().file("/sys/fs/cgroup/devices/devices.list", "c 1:* rwm\nc 5:* rwm\nc 136:* rw");
        CgroupDescription.Builder description = CgroupDescription.builder();

        Problem problem = only(description);

        assertThat(problem.where()).isEqualTo("cgroup.devices");
        assertThat(problem.what()).contains("\"c 136:* rwm\" is not allowed in the parent group");
        assertFine(description.denyDevice(DeviceRule.parse("c 136:* m")));
        assertThat(only(builder().denyDevice(DeviceRule.parse("c 1:1 r"))).what())
                .contains("the parent group allows a list only");
    }

    @Test
    void groupThatCannotBeWritten() {
        // Root may write everywhere, except where there is nothing: a directory that is not there stands for a
        // read-only one.
        Placement.V2 unified = new Placement.V2(Path.of("/mnt/readonly"), "/", List.of());
        CgroupLayout layout = new CgroupLayout(new TreeMap<>(), Optional.of(unified),
                new TreeMap<>(Map.of("unified", "/pod/a")));

        CgroupPlan plan = CgroupPlanner.on(host.host(), layout).plan("a", builder().build());

        assertThat(plan.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("cgroup.parent");
            assertThat(problem.what())
                    .isEqualTo("no group can be made in /mnt/readonly, this process is in /mnt/readonly/pod/a");
        });
    }

    @Test
    void parentWithProcessesCannotEnableControllers() {
        version2().file("/sys/fs/cgroup/vnfkit/cgroup.type", "domain")
                .file("/sys/fs/cgroup/vnfkit/cgroup.subtree_control", "cpu")
                .file("/sys/fs/cgroup/vnfkit/cgroup.procs", "4711");

        assertFine(builder());
        assertThat(only(builder().cpus(CpuSet.of(1))).what())
                .isEqualTo("the group /sys/fs/cgroup/vnfkit has processes of its own,"
                        + " so that cpuset cannot be enabled for groups below it");
        host.file("/sys/fs/cgroup/vnfkit/cgroup.subtree_control", "cpu cpuset");
        assertFine(builder().cpus(CpuSet.of(1)));
    }

    @Test
    void hostWithoutControlGroups() {
        assertThat(only(builder()).what()).isEqualTo("no control group file system is mounted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a\nb", "tasks", "cgroup.procs", "cpuset.cpus"})
    void nameThatIsNoneOfAGroup(String name) {
        version2();
        CgroupPlan plan = host.plan(name, builder().build());

        assertThat(plan.problems()).extracting(Problem::where).containsExactly("name");
        assertThat(plan.steps()).isEmpty();
    }
}
