package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels from 6.7 on make partitions anywhere, older ones only below a partition. */
class PartitionCheckTest {

    private static final String TOP = "/sys/fs/cgroup";
    private static final String PARENT = TOP + "/vnfkit";

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes().version2(TOP, "cpuset");
    }

    private CgroupPlan plan(String parent) {
        return host.plan("a", CgroupDescription.builder().parent(Path.of(parent)).cpus(CpuSet.of(3))
                .partition(Partition.ISOLATED).build());
    }

    private List<Problem> problems() {
        return plan("vnfkit").problems();
    }

    private void linux(String release) {
        host.file("/proc/sys/kernel/osrelease", release);
    }

    private void parentWith(String partition, boolean remote) {
        host.file(PARENT + "/cgroup.type", "domain").file(PARENT + "/cgroup.procs", "")
                .file(PARENT + "/cgroup.subtree_control", "cpuset")
                .file(PARENT + "/cpuset.cpus", "").file(PARENT + "/cpuset.cpus.effective", "0-7")
                .file(PARENT + "/cpuset.cpus.partition", partition);
        if (remote) {
            host.file(PARENT + "/cpuset.cpus.exclusive", "");
        }
    }

    @Test
    void oldKernelNeedsAParentThatIsAPartition() {
        linux("6.1.0-37-amd64");

        assertThat(problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("cgroup.partition");
            assertThat(problem.what()).isEqualTo("the parent group /sys/fs/cgroup/vnfkit is no cpuset partition, and"
                    + " this kernel (6.1.0-37-amd64) makes partitions only directly below one");
            assertThat(problem.cure()).contains("parent(Path.of(\"\"))").contains("root to cpuset.cpus.partition")
                    .contains("Linux 6.7");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.14.0", "5.15.0-100-generic", "6.1", "6.6.99"})
    void releasesWithoutRemotePartitions(String release) {
        linux(release);

        assertThat(problems()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.7.0", "6.12.5-amd64", "6.18", "7.0.0", "10.1", "unheard of", ""})
    void releasesThatHaveThemOrMayHaveThem(String release) {
        linux(release);

        assertThat(problems()).isEmpty();
    }

    @Test
    void kernelThatDoesNotSayItsReleaseIsAskedItself() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void directlyBelowTheRootEveryKernelMakesThem() {
        linux("6.1.0");

        CgroupPlan plan = plan("");

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps()).contains(new MakePartition(Path.of(TOP, "a"), "isolated"));
    }

    @Test
    void belowAPartitionEveryKernelMakesThem() {
        linux("6.1.0");
        parentWith("root", false);

        assertThat(problems()).isEmpty();
    }

    @Test
    void partitionThatIsInvalidIsNone() {
        linux("6.1.0");
        parentWith("root invalid (Cpu list in cpuset.cpus not exclusive)", false);

        assertThat(problems()).hasSize(1);
    }

    @Test
    void fileOfTheParentCountsMoreThanTheRelease() {
        linux("5.14.0-503.el9");
        parentWith("member", true);
        assertThat(problems()).isEmpty();
    }

    @Test
    void missingFileOfTheParentCountsMoreThanTheRelease() {
        linux("6.12.0");
        parentWith("member", false);
        assertThat(problems()).hasSize(1);
    }

    @Test
    void fileOfTheRootCountsMoreThanTheRelease() {
        linux("5.14.0-570.el9");
        host.file(TOP + "/cpuset.cpus.isolated", "");

        assertThat(problems()).isEmpty();
    }

    @Test
    void memberNeedsNoPartitionAboveIt() {
        linux("5.14.0");

        assertThat(host.plan("a", CgroupDescription.builder().cpus(CpuSet.of(3)).build()).problems()).isEmpty();
    }
}
