package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified testpmd with the arguments that planning makes, on a 32 MiB volume in its own mount namespace. */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk")
@RequiresCommand(value = "unshare", debianPackage = "util-linux")
@Timeout(300)
class EalMemoryIT {

    private static final int FITS = 4096;
    private static final int TOO_MANY = 40960;
    private static final CpuSet CPUS = CpuSet.of(0, 1);

    private static ReservedPages pages;

    @TempDir
    private Path files;

    @TempDir
    private Path mountPoint;

    @BeforeAll
    static void reservePages() {
        pages = new ReservedPages(40);
    }

    @AfterAll
    static void releasePages() {
        pages.close();
    }

    private HugetlbfsVolume volume() {
        return HugetlbfsVolume.at(mountPoint.toString()).size(Bytes.mebibytes(32));
    }

    private static EalArguments eal() {
        return EalArguments.fromGrant().vdev("net_null0").vdev("net_null1");
    }

    private CollectedContributions contributed(HugetlbfsVolume volume, EalArguments eal) {
        return CollectedContributions.of(Vnf.named("vnfkit-hugetlb-it").command("dpdk-testpmd", eal).with(volume)
                .cgroup(cg -> cg.cpus(CPUS).memoryNodes(NodeSet.of(pages.node()))).build(), Host.thisHost());
    }

    private Program testpmd(HugetlbfsVolume volume, EalArguments eal, int mbufs) {
        CollectedContributions contributed = contributed(volume, eal);
        String options = ((VnfMount.Filesystem) contributed.mounts().get(0)).options();
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c",
                "mount -t hugetlbfs -o \"$1\" vnfkit \"$2\" && shift 2 && exec \"$@\"", "sh", options,
                mountPoint.toString(), "dpdk-testpmd"));
        assertThat(eal.problems(contributed.grant(), contributed.ealOptions())).isEmpty();
        command.addAll(eal.resolve(contributed.grant(), contributed.ealOptions()));
        command.addAll(List.of("--", "--no-mlockall", "--total-num-mbufs=" + mbufs));
        return Program.run(files, command);
    }

    private static void assertForwards(Program program) {
        assertThat(program.output()).contains("Port 1 is closed", "Bye");
        assertThat(program.exitCode()).as(program.output()).isZero();
    }

    private static void assertRefused(Program program, String message) {
        assertThat(program.output()).contains(message).doesNotContainIgnoringCase("sigbus", "bus error", "segfault");
        assertThat(program.exitCode()).isEqualTo(1);
    }

    @Test
    void startsWithinTheBudget() {
        assertThat(contributed(volume(), eal()).problems()).isEmpty();
        assertForwards(testpmd(volume(), eal(), FITS));
    }

    @Test
    void cleanlyRefusesWhatIsBeyondTheBudget() {
        assertRefused(testpmd(volume(), eal(), TOO_MANY),
                "Creation of mbuf pool for socket 0 failed: Cannot allocate memory");
    }

    @Test
    void takesTheWholeBudgetAtTheStartWhenAskedTo() {
        assertThat(contributed(volume().preallocate(true), eal()).ealWords()).contains("--socket-mem=32");
        assertForwards(testpmd(volume().preallocate(true), eal(), FITS));
        assertRefused(testpmd(volume().preallocate(true), eal(), TOO_MANY), "Cannot allocate memory");
    }

    @Test
    void cleanlyRefusesToTakeMoreAtTheStartThanTheVolumeHolds() {
        assertRefused(testpmd(volume(), eal().with("--socket-mem", "64"), FITS), "Cannot init memory");
    }

    @Test
    void takesTheBudgetInLegacyMode() {
        // With physical addresses legacy mode can use only runs of pages that are neighbours in memory.
        EalArguments legacy = eal().with("--legacy-mem").with("--iova-mode", "va");
        assertThat(contributed(volume(), legacy).ealWords()).contains("--socket-mem=32")
                .noneMatch(word -> word.startsWith("--socket-limit"));
        assertForwards(testpmd(volume(), legacy, FITS));
        assertRefused(testpmd(volume(), legacy, TOO_MANY), "Cannot allocate memory");
    }

    @Test
    void keepsTheBudgetInSingleFiles() {
        assertForwards(testpmd(volume().singleFileSegments(true), eal(), FITS));
        assertRefused(testpmd(volume().singleFileSegments(true), eal(), TOO_MANY), "Cannot allocate memory");
    }

    @Test
    void aNodeFromWhichNothingIsToBeHadGivesNothing() {
        Program program = testpmd(volume(), eal().with("--socket-limit", "1"), FITS);

        // With a single node the driver still gets its few bytes, and the pool of the packets fails.
        assertThat(program.output()).containsPattern("Cannot allocate (memory|ethdev shared data)")
                .doesNotContainIgnoringCase("sigbus");
        assertThat(program.exitCode()).isNotZero();
    }

    @Test
    void inMemoryGoesPastTheVolumeWhichIsWhyItIsRefused() {
        EalArguments inMemory = eal().inMemory().with("--socket-mem", "64");
        assertThat(contributed(volume(), inMemory).problems()).hasSize(1);
        assertForwards(testpmd(volume(), inMemory, FITS));
    }

    @Test
    void theMainLcoreRunsOnTheCpuChosen() {
        Program program = testpmd(volume(), eal().mainLcore(1).with("--log-level", "lib.eal:debug"), FITS);
        assertForwards(program);
        assertThat(program.output()).containsPattern("Main lcore 0 is ready \\(tid=[0-9a-f]+;cpuset=\\[1\\]\\)")
                .containsPattern("lcore 1 is ready \\(tid=[0-9a-f]+;cpuset=\\[0\\]\\)");
    }

    @Test
    void aCpuLeftOverIsThatOfTheControlThreads() {
        CollectedContributions contributed = contributed(volume(), eal());
        assertThat(eal().controlCpu(true).resolve(contributed.grant(), contributed.ealOptions()))
                .contains("--lcores=0@1");
    }
}
