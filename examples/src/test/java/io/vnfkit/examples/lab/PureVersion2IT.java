package io.vnfkit.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.Partition;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresNumaNodes;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A VNF on a host whose control groups are all of version 2. */
@Tag("root")
@LaunchesVnfs
@RequiresCgroup(version = 2, controller = "cpuset")
@RequiresCgroup(version = 2, controller = "hugetlb")
@RequiresNumaNodes(2)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PureVersion2IT {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** MAP_PRIVATE, MAP_ANONYMOUS and MAP_HUGETLB. */
    private static final String MAP_HUGE = "import mmap; mmap.mmap(-1, %d << 20, flags=0x40022)";

    private static Vnf.Builder limited() {
        return InsideVnf.vnf().cgroup(cg -> cg.cpus(CpuSet.parse("4-5")).memoryNodes(NodeSet.of(1))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)));
    }

    private static Path group(RunningVnf vnf) {
        return ROOT.resolve(vnf.limits().parent()).resolve(vnf.name());
    }

    private static String read(RunningVnf vnf, String file) {
        return read(group(vnf).resolve(file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + file, failure);
        }
    }

    @Test
    void limitsAreInTheFilesOfOneGroup() {
        Path group;
        try (RunningVnf vnf = InsideVnf.hold(limited())) {
            group = group(vnf);
            assertThat(read(vnf, "cpuset.cpus.effective")).isEqualTo("4-5");
            assertThat(read(vnf, "cpuset.mems.effective")).isEqualTo("1");
            assertThat(read(vnf, "hugetlb.2MB.max")).isEqualTo("4194304");
            assertThat(read(vnf, "hugetlb.2MB.rsvd.max")).isEqualTo("4194304");
            assertThat(read(vnf, "cgroup.procs").lines()).contains(Long.toString(vnf.pid()));
            assertThat(read(ROOT.resolve("cgroup.subtree_control")).split(" ")).contains("cpuset", "hugetlb");
            assertThat(InsideVnf.exec(vnf, "cat /proc/self/cgroup", "nproc").lines()).endsWith("2");
        }
        assertThat(group.getParent()).doesNotExist();
    }

    @Test
    void aVnfIsFrozenThawedMovedAndKilled() {
        try (RunningVnf vnf = InsideVnf.hold(limited())) {
            vnf.pause();
            assertThat(vnf.state()).isEqualTo(RunningVnf.State.PAUSED);
            assertThat(read(vnf, "cgroup.events")).contains("frozen 1");
            vnf.resume();
            assertThat(read(vnf, "cgroup.events")).contains("frozen 0");
            vnf.update(cg -> cg.cpus(CpuSet.parse("0,6-7")).memoryNodes(NodeSet.parse("0-1")));
            assertThat(InsideVnf.exec(vnf, "grep -E 's_allowed_list' /proc/self/status").fields())
                    .containsEntry("Cpus_allowed_list", "0,6-7").containsEntry("Mems_allowed_list", "0-1");
            assertThat(vnf.kill()).isEqualTo(128 + 9);
        }
    }

    @Test
    void theDeviceProgramDeniesAndAllowsWhileTheVnfRuns() {
        try (RunningVnf vnf = InsideVnf.hold(limited())) {
            assertThat(InsideVnf.exec(vnf, "head -c 1 /dev/zero | wc -c").output()).isEqualTo("1\n");
            vnf.update(cg -> cg.denyDevice(DeviceRule.parse("c 1:5 rwm")));
            assertThat(InsideVnf.exec(vnf, "head -c 1 /dev/zero | wc -c").output()).contains("Operation not permitted");
            assertThat(InsideVnf.exec(vnf, "head -c 1 /dev/urandom | wc -c").output()).isEqualTo("1\n");
            vnf.update(cg -> cg.allowDevice(DeviceRule.parse("c 1:5 r")));
            assertThat(InsideVnf.exec(vnf, "head -c 1 /dev/zero | wc -c").output()).isEqualTo("1\n");
        }
    }

    @Test
    @RequiresCommand("python3")
    @RequiresFreeHugepages(count = 4)
    void refusedHugepagesAreCounted() {
        try (RunningVnf vnf = InsideVnf.hold(limited())) {
            assertThat(InsideVnf.exec(vnf, "python3 -c '" + MAP_HUGE.formatted(4) + "'").exitCode()).isZero();
            assertThat(vnf.statistics().hugetlb().get(PageSize.MIB_2).failures()).isZero();

            InsideVnf.Seen refused = InsideVnf.exec(vnf, "python3 -c '" + MAP_HUGE.formatted(6) + "'");

            assertThat(refused.output()).contains("Cannot allocate memory");
            assertThat(vnf.statistics().hugetlb().get(PageSize.MIB_2).failures()).isPositive();
        }
    }

    @Test
    void partitionsBelowTheRootAreReadBack() {
        for (Partition kind : new Partition[] {Partition.ROOT, Partition.ISOLATED}) {
            Vnf.Builder partitioned = InsideVnf.vnf().cgroup(cg -> cg.parent(Path.of("")).cpus(CpuSet.parse("6-7"))
                    .memoryNodes(NodeSet.of(1)).partition(kind));
            try (RunningVnf vnf = InsideVnf.hold(partitioned)) {
                assertThat(read(ROOT.resolve(vnf.name()).resolve("cpuset.cpus.partition"))).isEqualTo(kind.word());
                assertThat(read(ROOT.resolve("cpuset.cpus.effective"))).isEqualTo("0-5");
            }
            assertThat(read(ROOT.resolve("cpuset.cpus.effective"))).isEqualTo("0-7");
        }
    }

    @Test
    void aPartitionBelowAPlainParentIsAProblemOfOldKernels() {
        // Before Linux 6.7 a partition's parent must be one; since then it need only hand on the CPUs.
        Vnf partitioned = InsideVnf.vnf().cgroup(cg -> cg.cpus(CpuSet.parse("6-7")).partition(Partition.ISOLATED))
                .command("true").build();
        if (Files.exists(ROOT.resolve("cpuset.cpus.isolated"))) {
            assertThat(InsideVnf.run(partitioned).exitCode()).isZero();
        } else {
            assertThatThrownBy(() -> VnfLauncher.onThisHost().launch(partitioned)).isInstanceOf(InvalidVnfException.class)
                    .hasMessageContaining("is no cpuset partition").hasMessageContaining("parent(Path.of(\"\"))");
        }
    }
}
