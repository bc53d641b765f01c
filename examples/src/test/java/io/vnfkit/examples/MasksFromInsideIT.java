package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the programs that people use show inside a VNF with one CPU, 32 hugepages and no PCI device. */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = {"lscpu", "taskset"}, debianPackage = "util-linux")
@RequiresCommand(value = "free", debianPackage = "procps")
@RequiresCommand(value = "lspci", debianPackage = "pciutils")
@RequiresCommand("numactl")
@RequiresFreeHugepages(count = GrantedVnf.PAGES)
@ExtendWith(NothingLeft.class)
@Timeout(60)
class MasksFromInsideIT {

    private static final String CPU = Integer.toString(GrantedVnf.oneCpu().first());

    private static RunningVnf vnf;

    @BeforeAll
    static void launch() {
        vnf = VnfLauncher.onThisHost().launch(GrantedVnf.on("masks", GrantedVnf.oneCpu())
                .with(SysfsMask.onlyGranted())
                .command("sleep", "infinity")
                .build());
    }

    @AfterAll
    static void close() {
        vnf.close();
    }

    private static String output(String... command) throws IOException {
        Ended ended = Ended.exec(vnf, command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    @Test
    void nprocCountsTheGrantedCpus() throws IOException {
        assertThat(output("nproc")).isEqualTo("1");
        assertThat(output("sh", "-c", "grep -c ^processor /proc/cpuinfo")).isEqualTo("1");
    }

    @Test
    void lscpuListsTheGrantedCpus() throws IOException {
        assertThat(output("lscpu", "-p=CPU").lines().filter(line -> !line.startsWith("#"))).containsExactly(CPU);
        assertThat(output("lscpu")).containsPattern("On-line CPU\\(s\\) list: +" + CPU + "\n");
    }

    @Test
    void numactlShowsTheGrantedNodeWithTheGrantedCpus() throws IOException {
        assertThat(output("numactl", "-H")).contains("available: 1 nodes (0)", "node 0 cpus: " + CPU + "\n");
    }

    @Test
    void freeStillShowsTheMemoryOfTheHost() throws IOException {
        String total = KernelFiles.host().readLines("/proc/meminfo").get(0).replaceAll("\\D", "");

        assertThat(output("free", "--kibi").lines().skip(1).findFirst()).hasValueSatisfying(
                line -> assertThat(line).matches("Mem: +" + total + " .*"));
    }

    @Test
    void meminfoShowsTheGrantedHugepages() throws IOException {
        assertThat(output("cat", "/proc/meminfo")).containsPattern("HugePages_Total: +32\n")
                .containsPattern("HugePages_Free: +32\n");
        assertThat(output("cat", "/sys/devices/system/node/node0/meminfo")).containsPattern("HugePages_Total: +32\n");
    }

    @Test
    void lspciFindsNoDevice() throws IOException {
        assertThat(output("lspci")).isEmpty();
        assertThat(output("ls", "/sys/bus/pci/devices")).isEmpty();
    }

    @Test
    void aCpuThatIsHiddenCannotBeUsedEither() throws IOException {
        String all = GrantedVnf.allCpus().toString();
        assertThat(output("sh", "-c", "taskset -c " + all + " nproc")).isEqualTo("1");
    }

    @Test
    void aHiddenCpuHasAnEmptyDirectory() throws IOException {
        assertThat(output("sh", "-c", "cd /sys/devices/system/cpu && ls -d cpu*[0-9]/topology"))
                .isEqualTo("cpu" + CPU + "/topology");
    }
}
