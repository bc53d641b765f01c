package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
@RequiresCgroup(version = 2, controller = "cpuset")
class PartitionIT {

    private RealGroups groups;
    private CpuSet online;
    private Path top;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost();
        online = CpuSet.parse(groups.host().files().read("/sys/devices/system/cpu/online"));
        Needs.thing(online.size() >= 3, "3 CPUs", "a larger machine");
        top = groups.layout().unified().orElseThrow().mountPoint();
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private void requireRemotePartitions() {
        Needs.thing(groups.host().files().exists(top.resolve("cpuset.cpus.isolated").toString()),
                "remote cpuset partitions", "Linux 6.8");
    }

    private static CgroupDescription isolated(int... cpus) {
        return RealGroups.description().cpus(CpuSet.of(cpus)).partition(Partition.ISOLATED).build();
    }

    private String read(Path file) {
        return groups.host().files().read(file.toString());
    }

    private Path parent() {
        return top.resolve(RealGroups.PARENT);
    }

    private CpuSet effective(Path directory) {
        return CpuSet.parse(read(directory.resolve("cpuset.cpus.effective")));
    }

    @Test
    void isolatedCpusLeaveTheParentAndComeBack() {
        requireRemotePartitions();
        int last = online.last();
        Cgroup group = groups.create("isolated", isolated(last));

        assertThat(read(group.directories().get(0).resolve("cpuset.cpus.partition"))).isEqualTo("isolated");
        assertThat(effective(parent())).isEqualTo(online.minus(CpuSet.of(last)));
        assertThat(effective(top)).isEqualTo(online.minus(CpuSet.of(last)));
        assertThat(groups.run("grep", "Cpus_allowed_list", "/proc/self/status").output()).endsWith("\t" + last);

        group.remove();
        assertThat(effective(parent())).isEqualTo(online);
        assertThat(read(parent().resolve("cpuset.cpus.exclusive"))).isEmpty();
    }

    @Test
    void twoPartitionsShareTheParentsReservation() {
        requireRemotePartitions();
        int last = online.last();
        Cgroup first = groups.create("first", isolated(last));
        groups.create("second", isolated(last - 1));

        assertThat(effective(parent())).isEqualTo(online.minus(CpuSet.of(last - 1, last)));
        first.remove();
        assertThat(CpuSet.parse(read(parent().resolve("cpuset.cpus.exclusive")))).isEqualTo(CpuSet.of(last - 1));
    }

    @Test
    void partitionChangesItsCpusAndItsKindWhileProcessesRun() {
        requireRemotePartitions();
        int last = online.last();
        Cgroup group = groups.create("changing", isolated(last));
        Path directory = group.directories().get(0);
        groups.startAndAwait("ready", "sh", "-c", "echo ready; exec sleep 60");

        group.update(isolated(last - 1, last));
        assertThat(read(directory.resolve("cpuset.cpus.partition"))).isEqualTo("isolated");
        assertThat(effective(directory)).isEqualTo(CpuSet.of(last - 1, last));

        group.update(isolated(last - 1));
        assertThat(effective(parent())).isEqualTo(online.minus(CpuSet.of(last - 1)));

        group.update(isolated(last - 1).toBuilder().partition(Partition.ROOT).build());
        assertThat(read(directory.resolve("cpuset.cpus.partition"))).isEqualTo("root");

        group.update(isolated(last - 1).toBuilder().partition(Partition.MEMBER).build());
        assertThat(read(directory.resolve("cpuset.cpus.partition"))).isEqualTo("member");
        assertThat(effective(parent())).isEqualTo(online);
        assertThat(read(parent().resolve("cpuset.cpus.exclusive"))).isEmpty();
    }

    @Test
    void cpuOfAnotherPartitionIsAProblemOfThePlan() {
        requireRemotePartitions();
        int last = online.last();
        groups.create("first", isolated(last));

        assertThat(groups.plan("second", isolated(last)).problems()).singleElement()
                .satisfies(problem -> assertThat(problem.what())
                        .contains("CPUs " + last + " are not in the parent group"));
    }

    @Test
    void partitionThatTheKernelMarksInvalidIsAnErrorWithItsReason() {
        requireRemotePartitions();
        // Without CPUs for the parent no kernel lets the partition have all of them.
        CgroupDescription all = RealGroups.description().cpus(online).partition(Partition.ISOLATED).build();

        assertThatThrownBy(() -> groups.create("greedy", all))
                .isInstanceOfSatisfying(CgroupReadBackException.class, failure -> {
                    assertThat(failure.written()).isEqualTo("isolated");
                    assertThat(failure.observed()).startsWith("isolated invalid (");
                    assertThat(failure.file().getFileName()).hasToString("cpuset.cpus.partition");
                });
    }

    @Test
    void partitionDirectlyBelowTheRootNeedsNoReservation() {
        int last = online.last();
        Cgroup group = groups.create(RealGroups.PARENT + "-local", isolated(last).toBuilder().parent(Path.of("")).build());

        assertThat(read(group.directories().get(0).resolve("cpuset.cpus.partition"))).isEqualTo("isolated");
        assertThat(effective(top)).isEqualTo(online.minus(CpuSet.of(last)));
    }

    @Test
    void cpusThatAreTakenMeanwhileAreAnError() {
        requireRemotePartitions();
        int last = online.last();
        CgroupPlan late = groups.plan("late", RealGroups.description().cpus(CpuSet.of(last)).build());
        groups.create("early", isolated(last));

        assertThatThrownBy(() -> groups.take(late))
                .isInstanceOf(CgroupReadBackException.class)
                .hasMessageContaining("cpuset.cpus.effective");
    }
}
