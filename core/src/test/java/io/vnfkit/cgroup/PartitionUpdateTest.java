package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionUpdateTest {

    private static final String PARENT = "/sys/fs/cgroup/vnfkit/";
    private static final String GROUP = PARENT + "a/";

    @TempDir
    Path root;

    private FakeGroups host;
    private Cgroup group;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes().version2("/sys/fs/cgroup", "cpuset")
                .file("/sys/fs/cgroup/cgroup.subtree_control", "cpuset")
                .file(PARENT + "cgroup.subtree_control", "cpuset")
                .file(PARENT + "cpuset.cpus.effective", "0-1,4-7").file(PARENT + "cpuset.cpus.exclusive", "2-3")
                .file(PARENT + "cpuset.cpus.partition", "member").file(PARENT + "cpuset.mems.effective", "0-1")
                .file(GROUP + "cpuset.cpus", "2-3").file(GROUP + "cpuset.cpus.exclusive", "2-3")
                .file(GROUP + "cpuset.cpus.exclusive.effective", "2-3").file(GROUP + "cpuset.cpus.effective", "2-3")
                .file(GROUP + "cpuset.cpus.partition", "isolated").file(GROUP + "cpuset.mems", "");
        group = Cgroup.open(host.host(), host.layout(), List.of(Path.of(GROUP)));
    }

    private static CgroupDescription.Builder present() {
        return CgroupDescription.builder().allowAllDevices().cpus(CpuSet.range(2, 3)).partition(Partition.ISOLATED);
    }

    private CgroupUpdate.Result steps(CgroupDescription wanted) {
        GroupDirectories groups = GroupDirectories.of(host.layout(), List.of(Path.of(GROUP)));
        return new CgroupUpdate(host.host().files(), groups, wanted).steps(host.plan("a", wanted), false);
    }

    private List<String> told(CgroupDescription wanted) {
        return steps(wanted).steps().stream().map(step -> step.describe().replace("/sys/fs/cgroup/", "")).toList();
    }

    @Test
    void partitionWithOtherCpusIsMadeAnew() {
        assertThat(told(present().cpus(CpuSet.range(4, 5)).build())).containsExactly(
                "write \"member\" to vnfkit/a/cpuset.cpus.partition",
                "release CPUs 2-3 that were reserved below vnfkit/a",
                "release CPUs 2-3 that were reserved below vnfkit",
                "enable controllers for children of /sys/fs/cgroup: cpuset",
                "enable controllers for children of vnfkit: cpuset",
                "write \"4-5\" to vnfkit/a/cpuset.cpus and read it back from vnfkit/a/cpuset.cpus.effective",
                "reserve CPUs 4-5 for partitions below vnfkit",
                "reserve CPUs 4-5 for partitions below vnfkit/a",
                "make vnfkit/a a cpuset partition of kind isolated",
                "detach device program from vnfkit/a");
    }

    @Test
    void otherKindKeepsTheCpus() {
        assertThat(told(present().partition(Partition.ROOT).build()))
                .contains("make vnfkit/a a cpuset partition of kind root")
                .noneMatch(step -> step.startsWith("release"))
                .noneMatch(step -> step.contains("member"));
    }

    @Test
    void groupThatLosesItsCpusGetsThoseOfTheParent() {
        // The kernel refuses an empty set while processes are in the group.
        assertThat(told(present().cpus(CpuSet.of(4)).partition(Partition.MEMBER).build()))
                .startsWith("write \"member\" to vnfkit/a/cpuset.cpus.partition")
                .contains("release CPUs 2-3 that were reserved below vnfkit");
        assertThat(told(CgroupDescription.builder().allowAllDevices().build()))
                .contains("write \"0-7\" to vnfkit/a/cpuset.cpus");
    }

    @Test
    void partitionIsLeftBeforeItsGroupIsRemovedAndItsCpusAreReleasedAfterwards() {
        // The files of a fake group keep it from being removed, as processes would.
        assertThatThrownBy(() -> new CgroupRemoval(host.host()).remove(Path.of(GROUP), Duration.ZERO))
                .isInstanceOf(CgroupTimeoutException.class);

        assertThat(host.read(GROUP + "cpuset.cpus.partition")).isEqualTo("member");
        assertThat(host.read(PARENT + "cpuset.cpus.exclusive")).isEqualTo("2-3");
    }

    @Test
    void failureMakesTheOldPartitionAgain() {
        host.kernel().failWhere("\"4-5\"", Errno.EINVAL);

        assertThatThrownBy(() -> group.update(present().cpus(CpuSet.range(4, 5)).build()))
                .isInstanceOf(KernelFileException.class);

        assertThat(host.read(GROUP + "cpuset.cpus")).isEqualTo("2-3");
        assertThat(host.read(GROUP + "cpuset.cpus.partition")).isEqualTo("isolated");
        assertThat(host.read(GROUP + "cpuset.cpus.exclusive")).isEqualTo("2-3");
        assertThat(host.read(PARENT + "cpuset.cpus.exclusive")).isEqualTo("2-3");
    }
}
