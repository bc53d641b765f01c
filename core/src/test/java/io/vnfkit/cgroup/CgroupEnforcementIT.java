package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class CgroupEnforcementIT {

    private static final int SIGBUS = 128 + 7;
    private static final int OUT_OF_MEMORY = 12;

    private RealGroups groups;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost();
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private void assumeController(String controller) {
        assumeTrue(groups.layout().hierarchy(controller).isPresent(),
                () -> "missing: controller " + controller + " (" + groups.layout().placement(controller) + ")");
    }

    @Test
    void processRunsOnGrantedCpusOnly() {
        assumeController("cpuset");
        groups.create("cpus", RealGroups.description().cpus(CpuSet.of(0)).memoryNodes(NodeSet.of(0)).build());

        assertThat(groups.run("grep", "Cpus_allowed_list", "/proc/self/status").output()).endsWith("\t0");
        RealGroups.Outcome forbidden = groups.run("taskset", "-c", "1", "true");
        assertThat(forbidden.exitCode()).isNotZero();
        assertThat(forbidden.output()).contains("Invalid argument");
    }

    @Test
    void cpusAloneInheritTheNodesOfTheParent() {
        assumeController("cpuset");
        groups.create("cpus", RealGroups.description().cpus(CpuSet.of(0)).build());

        assertThat(groups.run("true").exitCode()).isZero();
    }

    @Test
    void mappingPastTheReservationLimitFailsWithEnomem() throws Exception {
        assumeController("hugetlb");
        String program = HugePages.program().toString();
        try (HugePages pages = new HugePages(6)) {
            Cgroup group = groups.create("rsvd",
                    RealGroups.description().hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)).build());

            assertThat(groups.run(program, "2", "2").exitCode()).isZero();
            assertThat(groups.run(program, "3", "0").exitCode()).isEqualTo(OUT_OF_MEMORY);
            // Without a reservation the same limit counts at the touch.
            assertThat(groups.run(program, "3", "3", "noreserve").exitCode()).isEqualTo(SIGBUS);
            assertThat(group.statistics().hugetlb().get(PageSize.MIB_2).failures()).isEqualTo(2);
        }
    }

    @Test
    void touchingPastTheFaultLimitIsSigbus() throws Exception {
        assumeController("hugetlb");
        String program = HugePages.program().toString();
        try (HugePages pages = new HugePages(6)) {
            Cgroup group = groups.create("fault", RealGroups.description()
                    .hugetlb(PageSize.MIB_2, HugetlbLimit.onFault(Bytes.mebibytes(2))).build());

            assertThat(groups.run(program, "3", "1").exitCode()).isZero();
            assertThat(groups.run(program, "3", "2").exitCode()).isEqualTo(SIGBUS);
            HugetlbStatistics statistics = group.statistics().hugetlb().get(PageSize.MIB_2);
            assertThat(statistics.failures()).isEqualTo(1);
            assertThat(statistics.fault().limit()).contains(Bytes.mebibytes(2));
            assertThat(statistics.reservation().limit()).isEmpty();
        }
    }

    @Test
    void statisticsShowWhatIsInUse() throws Exception {
        assumeController("hugetlb");
        String program = HugePages.program().toString();
        try (HugePages pages = new HugePages(6)) {
            Cgroup group = groups.create("usage",
                    RealGroups.description().hugetlb(PageSize.MIB_2, Bytes.mebibytes(8)).build());

            groups.startAndAwait("ready", program, "3", "2", "hold");

            CgroupStatistics statistics = group.statistics();
            assertThat(statistics.processes()).isEqualTo(1);
            assertThat(statistics.populated()).isTrue();
            assertThat(statistics.frozen()).isFalse();
            HugetlbStatistics hugetlb = statistics.hugetlb().get(PageSize.MIB_2);
            assertThat(hugetlb.fault().usage()).isEqualTo(Bytes.mebibytes(4));
            assertThat(hugetlb.reservation().usage()).isEqualTo(Bytes.mebibytes(6));
            assertThat(hugetlb.failures()).isZero();
            group.kill();
            assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
            assertThat(group.statistics().hugetlb().get(PageSize.MIB_2).fault().usage()).isEqualTo(Bytes.of(0));
        }
    }

    @Test
    void devicesOutsideTheListAreRefused() {
        assumeController("devices");
        groups.create("devices", RealGroups.description().build());

        assertThat(groups.run("head", "-c1", "/dev/zero").exitCode()).isZero();
        assertThat(groups.run("sh", "-c", "echo > /dev/null").exitCode()).isZero();
        RealGroups.Outcome forbidden = groups.run("head", "-c1", "/dev/kmsg");
        assertThat(forbidden.exitCode()).isNotZero();
        assertThat(forbidden.output()).contains("Operation not permitted");
    }

    @Test
    void limitTheKernelRefusesNamesFileValueAndErrno() {
        assumeController("cpuset");
        Cgroup group = groups.create("raw", RealGroups.description().cpus(CpuSet.of(0)).build());
        Path file = group.directories().stream().filter(path -> path.toString().contains("cpuset")).findFirst()
                .orElse(group.directories().get(0)).resolve("cpuset.cpus");

        assertThatThrownBy(() -> CgroupSteps.on(groups.host()).apply(
                new WriteCgroupFile(file, "8000")))
                .isInstanceOfSatisfying(KernelFileException.class, failure -> {
                    assertThat(failure.path()).isEqualTo(file);
                    assertThat(failure.value()).contains("8000");
                    assertThat(failure.errno()).isIn(Errno.EINVAL, Errno.ERANGE, Errno.EACCES);
                });
    }

    @Test
    void planOfThisHostHasNoProblemsAndIsRepeatable() {
        CgroupDescription description = RealGroups.description().cpus(CpuSet.of(0)).build();
        assumeController("cpuset");

        assertThat(groups.plan("same", description)).isEqualTo(groups.plan("same", description));
        assertThat(groups.plan("same", description).problems()).isEmpty();
    }
}
