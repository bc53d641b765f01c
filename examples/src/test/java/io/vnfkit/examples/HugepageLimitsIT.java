package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.HugetlbStatistics;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The size of the mount, the reservation limit and the fault limit together, without masks: whatever way a program takes to
 * its pages, it gets what was granted and a clean error for more.
 */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresFreeHugepages(count = HugepageLimitsIT.MORE_THAN_GRANTED)
@ExtendWith(NothingLeft.class)
@Timeout(120)
class HugepageLimitsIT {

    /** Free pages of the host, so that only the limits stand between the VNF and them. */
    static final int MORE_THAN_GRANTED = 80;

    /** A shell hides the options from planning, which refuses some of them. */
    private static Ended.WithStatistics testpmd(String name, String options) throws IOException {
        Vnf vnf = GrantedVnf.on(name, GrantedVnf.oneCpu())
                .command("sh", "-c", "exec dpdk-testpmd --no-pci --lcores '(0,1)@" + GrantedVnf.oneCpu() + "' "
                        + "--vdev net_null0 --huge-dir /dev/hugepages " + options
                        + " -- --no-mlockall --total-num-mbufs=2048 2>&1")
                .build();
        return Ended.launchAndCount(vnf);
    }

    @Test
    void statvfsOfTheVolumeShowsTheGrant() throws IOException {
        Ended stat = Ended.launch(GrantedVnf.on("statvfs", GrantedVnf.oneCpu())
                .command(Ended.merged("stat", "-f", "-c", "%S %b %f", "/dev/hugepages"))
                .build());

        assertThat(stat.output()).isEqualTo("2097152 32 32");
    }

    @Test
    void theVolumeHoldsNoMoreThanItsSize() throws IOException {
        Ended fallocate = Ended.launch(GrantedVnf.on("fallocate", GrantedVnf.oneCpu())
                .command(Ended.merged("sh", "-c",
                        "fallocate -l 64M /dev/hugepages/fits && fallocate -l 2M /dev/hugepages/more"))
                .build());

        assertThat(fallocate.output()).contains("No space left on device");
        assertThat(fallocate.exitCode()).isEqualTo(1);
    }

    @Test
    void dpdkGetsExactlyTheGrant() throws IOException {
        assertThat(testpmd("exact", "-m 64").ended().exitCode()).isZero();
    }

    @Test
    void dpdkIsRefusedMoreOnTheVolume() throws IOException {
        Ended testpmd = testpmd("volume", "-m 128").ended();

        assertThat(testpmd.output()).contains("Cannot init memory");
        assertThat(testpmd.exitCode()).isEqualTo(1);
    }

    @Test
    void dpdkIsRefusedMorePastTheVolumeByTheControlGroup() throws IOException {
        Ended.WithStatistics testpmd = testpmd("memfd", "-m 128 --in-memory");

        assertThat(testpmd.ended().output()).contains("Cannot init memory");
        assertThat(testpmd.ended().exitCode()).isEqualTo(1);
        HugetlbStatistics counted = testpmd.statistics().hugetlb().get(PageSize.MIB_2);
        assertThat(counted.failures()).isPositive();
        assertThat(counted.fault().limit()).contains(GrantedVnf.HUGEPAGES);
        assertThat(counted.reservation().limit()).contains(GrantedVnf.HUGEPAGES);
    }

    @Test
    void dpdkGetsExactlyTheGrantPastTheVolume() throws IOException {
        assertThat(testpmd("memfd-exact", "-m 64 --in-memory").ended().exitCode()).isZero();
    }

    @Test
    void pagesOfAKilledVnfAreFreeAgain() throws IOException {
        long before = freePages();
        Vnf vnf = GrantedVnf.on("killed", GrantedVnf.oneCpu())
                .command("sh", "-c", "fallocate -l 64M /dev/hugepages/file && echo done && sleep infinity")
                .build();
        try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
            assertThat(new String(running.standardOutput().readNBytes(4))).isEqualTo("done");
            assertThat(running.statistics().hugetlb().get(PageSize.MIB_2).fault().usage())
                    .isEqualTo(GrantedVnf.HUGEPAGES);
            running.kill();
        }
        assertThat(freePages()).as("free again").isGreaterThanOrEqualTo(before);
    }

    private static long freePages() {
        return HugepagePools.of(Host.thisHost()).pool(PageSize.MIB_2).free();
    }
}
