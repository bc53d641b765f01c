package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.HostStep.AttachDeviceProgram;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.EnableControllers;
import io.vnfkit.launch.step.HostStep.EnsureParentCgroup;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupPlannerTest {

    private static final Path TOP = Path.of("/sys/fs/cgroup");

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes();
    }

    private static CgroupDescription.Builder builder() {
        return CgroupDescription.builder();
    }

    private static List<String> places(CgroupPlan plan) {
        return plan.problems().stream().map(Problem::where).toList();
    }

    @Test
    void everythingInVersion2() {
        host.version2("/sys/fs/cgroup", "cpuset", "cpu", "hugetlb");
        Path group = TOP.resolve("vnfkit/bng-1");

        CgroupPlan plan = host.plan("bng-1", builder().cpus(CpuSet.parse("2-5")).memoryNodes(NodeSet.of(0))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(512)).build());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsExactly(
                new EnsureParentCgroup("unified", TOP.resolve("vnfkit")),
                new CreateCgroup("unified", group),
                new EnableControllers(TOP, List.of("cpuset", "hugetlb")),
                new EnableControllers(TOP.resolve("vnfkit"), List.of("cpuset", "hugetlb")),
                new WriteAndVerifyCgroupFile(group.resolve("cpuset.mems"), "0", group.resolve("cpuset.mems.effective")),
                new WriteAndVerifyCgroupFile(group.resolve("cpuset.cpus"), "2-5",
                        group.resolve("cpuset.cpus.effective")),
                new WriteCgroupFile(group.resolve("hugetlb.2MB.rsvd.max"), "536870912"),
                new WriteCgroupFile(group.resolve("hugetlb.2MB.max"), "536870912"),
                new AttachDeviceProgram(group, DevicePolicy.standard()));
        assertThat(plan.joins()).containsExactly(new CgroupJoin.V2(group));
        assertThat(plan.directories()).containsExactly(group);
        assertThat(plan.unified()).contains(group);
    }

    @Test
    void hybridHostJoinsTheVersion2GroupFirst() {
        host.version1("cpuset", "devices", "freezer").version2("/sys/fs/cgroup/unified", "hugetlb");
        Path unified = TOP.resolve("unified/vnfkit/bng-1");
        Path cpuset = TOP.resolve("cpuset/vnfkit/bng-1");
        Path devices = TOP.resolve("devices/vnfkit/bng-1");

        CgroupPlan plan = host.plan("bng-1", builder().cpus(CpuSet.parse("2-5"))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)).denyDevice(DeviceRule.everything())
                .allowDevice(DeviceRule.character(1, 3)).build());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).containsExactly(
                new EnsureParentCgroup("unified", TOP.resolve("unified/vnfkit")),
                new CreateCgroup("unified", unified),
                new EnableControllers(TOP.resolve("unified"), List.of("hugetlb")),
                new EnableControllers(TOP.resolve("unified/vnfkit"), List.of("hugetlb")),
                new WriteCgroupFile(unified.resolve("hugetlb.2MB.rsvd.max"), "4194304"),
                new WriteCgroupFile(unified.resolve("hugetlb.2MB.max"), "4194304"),
                new EnsureParentCgroup("cpuset", TOP.resolve("cpuset/vnfkit")),
                new CreateCgroup("cpuset", cpuset),
                new InheritCgroupFile(TOP.resolve("cpuset/vnfkit/cpuset.mems")),
                new InheritCgroupFile(TOP.resolve("cpuset/vnfkit/cpuset.cpus")),
                new InheritCgroupFile(cpuset.resolve("cpuset.mems")),
                new WriteCgroupFile(cpuset.resolve("cpuset.cpus"), "2-5"),
                new EnsureParentCgroup("devices", TOP.resolve("devices/vnfkit")),
                new CreateCgroup("devices", devices),
                new WriteCgroupFile(devices.resolve("devices.deny"), "a"),
                new WriteCgroupFile(devices.resolve("devices.allow"), "c 1:3 rwm"));
        assertThat(plan.joins()).containsExactly(
                new CgroupJoin.V2(unified), new CgroupJoin.V1(cpuset), new CgroupJoin.V1(devices));
        assertThat(new CgroupJoin.V1(cpuset).file()).isEqualTo(cpuset.resolve("tasks"));
    }

    @Test
    void freezerOfVersion1IsNamedWhereTheVnfHasAGroupInIt() {
        host.version1("cpuset", "devices", "freezer");

        CgroupPlan plan = host.plan("a", builder().build());

        assertThat(plan.unified()).isEmpty();
        assertThat(plan.freezer()).contains(TOP.resolve("freezer/vnfkit/a"));
        host.version2("/sys/fs/cgroup/unified");
        assertThat(host.plan("a", builder().build()).freezer()).isEmpty();
    }

    @Test
    void unifiedGroupIsMadeEvenWithoutControllers() {
        host.version1("cpuset", "devices").version2("/sys/fs/cgroup/unified");

        CgroupPlan plan = host.plan("idle", builder().allowAllDevices().build());

        assertThat(plan.steps()).containsExactly(
                new EnsureParentCgroup("unified", TOP.resolve("unified/vnfkit")),
                new CreateCgroup("unified", TOP.resolve("unified/vnfkit/idle")));
    }

    @Test
    void programReplacesTheListWhereAskedFor() {
        host.version1("devices").version2("/sys/fs/cgroup/unified");

        CgroupPlan plan = CgroupPlanner.on(host.host(), host.layout().withDeviceProgram()).plan("a", builder().build());

        assertThat(plan.steps()).last().isEqualTo(
                new AttachDeviceProgram(TOP.resolve("unified/vnfkit/a"), DevicePolicy.standard()));
        assertThat(plan.directories()).containsExactly(TOP.resolve("unified/vnfkit/a"));
    }

    @Test
    void partitionTakesItsCpusThroughTheParents() {
        host.version2("/sys/fs/cgroup", "cpuset");
        Path group = TOP.resolve("nfv/cell/bng-1");

        CgroupPlan plan = host.plan("bng-1", builder().parent(Path.of("nfv/cell")).cpus(CpuSet.of(3, 4))
                .partition(Partition.ISOLATED).allowAllDevices().build());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).endsWith(
                new CreateCgroup("unified", group),
                new EnableControllers(TOP, List.of("cpuset")),
                new EnableControllers(TOP.resolve("nfv"), List.of("cpuset")),
                new EnableControllers(TOP.resolve("nfv/cell"), List.of("cpuset")),
                new WriteAndVerifyCgroupFile(group.resolve("cpuset.cpus"), "3-4",
                        group.resolve("cpuset.cpus.effective")),
                new ReserveExclusiveCpus(TOP.resolve("nfv"), CpuSet.of(3, 4)),
                new ReserveExclusiveCpus(TOP.resolve("nfv/cell"), CpuSet.of(3, 4)),
                new ReserveExclusiveCpus(group, CpuSet.of(3, 4)),
                new MakePartition(group, "isolated"));
    }

    @Test
    void rawFilesAreWrittenWhereTheirControllerLives() {
        host.version1("cpuset", "freezer", "devices").version2("/sys/fs/cgroup/unified", "cpu");

        CgroupPlan plan = host.plan("a", builder().allowAllDevices().rawFile("cpu", "cpu.max", "50000 100000")
                .rawFile("cpuset", "cpuset.sched_load_balance", "0").build());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).contains(
                new EnableControllers(TOP.resolve("unified"), List.of("cpu")),
                new WriteCgroupFile(TOP.resolve("unified/vnfkit/a/cpu.max"), "50000 100000"),
                new WriteCgroupFile(TOP.resolve("cpuset/vnfkit/a/cpuset.sched_load_balance"), "0"));
    }

    @Test
    void planIsEqualWhenNothingChanged() {
        host.version1("cpuset", "devices").version2("/sys/fs/cgroup/unified", "hugetlb");
        CgroupDescription description = builder().cpus(CpuSet.of(1)).build();

        assertThat(host.plan("a", description)).isEqualTo(host.plan("a", description));
        assertThat(host.plan("a", description).toString()).contains("1. ensure parent control group")
                .contains("write \"1\" to /sys/fs/cgroup/cpuset/vnfkit/a/cpuset.cpus");
        assertThat(host.kernel().calls()).isEmpty();
    }

    @Test
    void allProblemsAreListedAtOnce() {
        host.version1("cpuset", "freezer");

        CgroupPlan plan = host.plan("a", builder().cpus(CpuSet.parse("7-9")).memoryNodes(NodeSet.of(2))
                .partition(Partition.ISOLATED).hugetlb(PageSize.MIB_2, Bytes.of(1)).rawFile("misc", "misc.max", "1")
                .build());

        assertThat(places(plan)).containsExactlyInAnyOrder("cgroup.cpus", "cgroup.memoryNodes", "cgroup.partition",
                "cgroup.hugetlb[2MiB]", "cgroup.hugetlb[2MiB]", "cgroup.hugetlb", "cgroup.rawFile[misc.max]",
                "cgroup.devices");
    }
}
