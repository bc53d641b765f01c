package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.HugetlbStatistics;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A VNF with one real page of 1 GiB. */
@LaunchesVnfs
class GibibytePageIT {

    private static final Bytes SIZE = Bytes.gibibytes(1);

    private static ReservedPages page;

    @BeforeAll
    static void reservePage() {
        page = ReservedPages.oneOfOneGibibyte();
    }

    @AfterAll
    static void releasePage() {
        if (page != null) {
            page.close();
            assertThat(page.now()).isEqualTo(page.before());
        }
    }

    private static Vnf.Builder vnf() {
        return InsideVnf.vnf()
                .cgroup(cg -> cg.memoryNodes(NodeSet.of(page.node())).hugetlb(PageSize.GIB_1, SIZE))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.GIB_1).size(SIZE));
    }

    @Test
    void theReservedPageIsInThePoolOfItsNode() {
        assertThat(page.now().total()).isEqualTo(page.before().total() + 1);
        assertThat(page.now().free()).isEqualTo(page.before().free() + 1);
    }

    @Test
    void theVolumeHasOnePageOfOneGibibyte() {
        InsideVnf.Seen seen = InsideVnf.run(vnf(),
                "stat -f -c '%S %b %f' /dev/hugepages",
                "grep ' /dev/hugepages ' /proc/mounts");

        assertThat(seen.lines()).hasSize(2).first().isEqualTo("1073741824 1 1");
        assertThat(seen.lines().get(1)).contains("pagesize=1024M,size=1073741824");
    }

    @Test
    void aFileTakesThePageAndTheNextFindsNoSpace() {
        RunningVnf running = InsideVnf.hold(vnf(), "fallocate -l 1G /dev/hugepages/first");
        try (running) {
            InsideVnf.Seen seen = InsideVnf.exec(running, "stat -c %s /dev/hugepages/first",
                    "stat -f -c %f /dev/hugepages", "fallocate -l 1G /dev/hugepages/second");

            assertThat(seen.lines()).startsWith("1073741824", "0");
            assertThat(seen.output()).contains("No space left on device");
            HugetlbStatistics counted = running.statistics().hugetlb().get(PageSize.GIB_1);
            assertThat(counted.fault().usage()).isEqualTo(SIZE);
            assertThat(counted.fault().limit()).contains(SIZE);
            assertThat(counted.reservation().limit()).contains(SIZE);
            assertThat(page.now().free()).isEqualTo(page.before().free());
        }
        assertThat(page.now().free()).as("given back with the VNF").isEqualTo(page.before().free() + 1);
    }

    @Test
    void aSecondPageIsAProblemOfThePlan() {
        Bytes tooMuch = PageSize.GIB_1.times(page.now().total() + 1);
        Vnf greedy = InsideVnf.vnf()
                .cgroup(cg -> cg.memoryNodes(NodeSet.of(page.node())).hugetlb(PageSize.GIB_1, tooMuch))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.GIB_1).size(tooMuch).minSize(tooMuch))
                .command("true").build();

        assertThat(VnfLauncher.onThisHost().preflight(greedy)).anyMatch(problem -> problem.toString().contains("1GiB"));
    }

    /** With its memory options as planned: the limit that they give must leave room for the whole page. */
    @Test
    @RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
    void anUnmodifiedDpdkStartsOnThePage() {
        // It runs until its input ends.
        String withoutInput = "exec 2>&1 </dev/null; exec \"$@\"";
        InsideVnf.Seen seen = InsideVnf.run(vnf().command("sh", "-c", withoutInput, "sh", "dpdk-testpmd",
                EalArguments.fromGrant().vdev("net_null0").with("--no-pci").with("--lcores", "(0,1)@0"),
                "--", "--no-mlockall", "--total-num-mbufs=2048").build());

        assertThat(seen.output()).contains("Bye");
        assertThat(seen.exitCode()).isZero();
    }
}
