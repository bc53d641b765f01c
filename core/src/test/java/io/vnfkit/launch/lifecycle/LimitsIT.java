package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.HugetlbStatistics;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that change while a VNF runs, under the hands of the JVM that launched it and of one that found it. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class LimitsIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    /** The launched handle itself, or one that a find gives. */
    private Function<RunningVnf, RunningVnf> hand(String which) {
        return vnf -> which.equals("found") ? elsewhere().find(vnf.name()).orElseThrow() : vnf;
    }

    /** A launcher that knows nothing of the VNFs that this one has launched, as that of another JVM. */
    private static VnfLauncher elsewhere() {
        return VnfLauncher.on(Host.thisHost());
    }

    private Vnf.Builder limited() {
        return vnfs.shell("sleep 300").cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0")).memoryNodes(NodeSet.of(0))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launched", "found"})
    void cpusAndHugepagesAndDevicesChangeWhileItRuns(String which) throws Exception {
        try (RunningVnf launched = vnfs.launch(limited())) {
            RunningVnf vnf = hand(which).apply(launched);
            assertThat(inside(vnf, "head -c 1 /dev/full")).as("allowed by default").isZero();
            vnf.update(limits -> limits.cpus(CpuSet.parse("0-1")).hugetlb(PageSize.MIB_2, Bytes.mebibytes(6))
                    .denyDevice(DeviceRule.parse("c 1:7 rwm")));

            assertThat(status(launched.pid(), "Cpus_allowed_list")).isEqualTo("0-1");
            assertThat(inside(vnf, "head -c 1 /dev/full")).as("denied now").isNotZero();
            assertThat(vnf.statistics().hugetlb().get(PageSize.MIB_2).fault().limit()).hasValue(Bytes.mebibytes(6));
            assertThat(vnf.limits().cpus()).isEqualTo(CpuSet.parse("0-1"));
            assertThat(launched.limits()).isEqualTo(vnf.limits());
            assertThat(elsewhere().find(vnf.name()).orElseThrow().limits()).isEqualTo(vnf.limits());
        }
    }

    @Test
    void twoHandsDoNotTakeBackEachOthersChanges() {
        try (RunningVnf launched = vnfs.launch(limited())) {
            RunningVnf found = elsewhere().find(launched.name()).orElseThrow();
            found.update(limits -> limits.cpus(CpuSet.parse("1")));
            launched.update(limits -> limits.hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)));
            CgroupDescription both = found.limits();
            assertThat(both.cpus()).isEqualTo(CpuSet.parse("1"));
            assertThat(both.hugetlb().get(PageSize.MIB_2).lowest()).hasValue(Bytes.mebibytes(4));
        }
    }

    @Test
    void whatTheHostCannotGiveChangesNothing() throws Exception {
        try (RunningVnf vnf = vnfs.launch(limited())) {
            CgroupDescription before = vnf.limits();
            assertThatThrownBy(() -> vnf.update(limits -> limits.cpus(CpuSet.parse("1023")).hugetlb(PageSize.MIB_2, Bytes.ZERO)))
                    .isInstanceOf(InvalidVnfException.class).hasMessageContaining("1023");
            assertThat(vnf.limits()).isEqualTo(before);
            assertThat(status(vnf.pid(), "Cpus_allowed_list")).isEqualTo("0");
            assertThat(vnf.statistics().hugetlb().get(PageSize.MIB_2).fault().limit()).hasValue(Bytes.mebibytes(2));
        }
    }

    @Test
    @RequiresCommand("python3")
    @RequiresFreeHugepages(count = 2)
    void statisticsCountWhatTheVnfUses() throws Exception {
        String mapOnePage = "import mmap,sys\nm=mmap.mmap(-1,2<<20,flags=mmap.MAP_PRIVATE|mmap.MAP_ANONYMOUS|0x40000)\nm[0]=1\n"
                + "print('mapped',flush=True)\nsys.stdin.readline()";
        try (RunningVnf vnf = vnfs.launch(limited().command("python3", "-c", mapOnePage))) {
            assertThat(OwnVnfs.firstLine(vnf)).isEqualTo("mapped");
            HugetlbStatistics pages = vnf.statistics().hugetlb().get(PageSize.MIB_2);
            assertThat(pages.fault().usage()).isEqualTo(Bytes.mebibytes(2));
            assertThat(vnf.statistics().processes()).isOne();
            assertThat(vnf.statistics().cpu().orElseThrow().total()).isPositive();
        }
    }

    private static int inside(RunningVnf vnf, String script) {
        try (RunningCommand command = vnf.exec(StandardStreams.DISCARD, "sh", "-c", script)) {
            return exitCode(command);
        }
    }

    private static String status(long pid, String key) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith(key + ":"))
                .findFirst().orElseThrow().split("\t")[1];
    }
}
