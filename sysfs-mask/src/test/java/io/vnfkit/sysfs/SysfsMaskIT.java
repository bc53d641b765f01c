package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Grant;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ordinary programs, and DPDK, see through the masks on the real kernel. */
@Tag("root")
@RequiresCommand(value = {"unshare", "taskset"}, debianPackage = "util-linux")
@RequiresCommand("mount")
class SysfsMaskIT {

    private static final Host HOST = Host.thisHost();

    @TempDir
    Path directory;

    private final HostTopology topology = HostTopology.read(HOST);
    private final int lastCpu = topology.cpus().online().last();
    private final Grant grant = Grant.NONE.withCpus(CpuSet.of(lastCpu))
            .withHugepages(PageSize.MIB_2, Bytes.mebibytes(32));

    @BeforeEach
    void needsACpuToHide() {
        Needs.thing(lastCpu > 0, "2 CPUs", "a larger machine");
    }

    private List<String> seen(SysfsMask mask, String command) throws IOException, InterruptedException {
        CollectedContributions recorded = CollectedContributions.of(mask, HOST, grant);
        Path script = directory.resolve("script");
        Files.writeString(script, MaskScript.of(HOST, recorded.masks(), command));
        Path masks = Files.createTempDirectory(directory, "masks");
        return Programs.output("unshare", "--mount", "--propagation", "private",
                "taskset", "-c", Integer.toString(lastCpu), "sh", script.toString(), masks.toString());
    }

    @Test
    @RequiresCommand(value = "lscpu", debianPackage = "util-linux")
    void showsLscpuOneCpu() throws IOException, InterruptedException {
        assertThat(seen(SysfsMask.onlyGranted(), "lscpu -p=CPU,SOCKET | grep -v '^#'; lscpu"))
                .contains(lastCpu + ",0")
                .anyMatch(line -> line.matches("CPU\\(s\\): +1"))
                .anyMatch(line -> line.matches("On-line CPU\\(s\\) list: +" + lastCpu))
                .anyMatch(line -> line.matches("Core\\(s\\) per socket: +1"))
                .anyMatch(line -> line.matches("NUMA node\\d+ CPU\\(s\\): +" + lastCpu))
                .anyMatch(line -> line.startsWith("L1d"));
    }

    @Test
    void showsTheCLibraryOneCpuAndTheBoundOfNumbers() throws IOException, InterruptedException {
        assertThat(seen(SysfsMask.onlyGranted(), "getconf _NPROCESSORS_ONLN; nproc; getconf _NPROCESSORS_CONF"))
                .containsExactly("1", "1", Integer.toString(lastCpu + 1));
    }

    @Test
    @RequiresCommand("numactl")
    void letsLibnumaBindToAGrantedCpu() throws IOException, InterruptedException {
        assertThat(seen(SysfsMask.onlyGranted(), "numactl -C " + lastCpu + " echo bound")).containsExactly("bound");
    }

    @Test
    void showsOneProcessorAndTheGrantedPagesInProcfs() throws IOException, InterruptedException {
        assertThat(seen(SysfsMask.onlyGranted(), "grep -c ^processor /proc/cpuinfo; grep -h HugePages_ /proc/meminfo"))
                .first().isEqualTo("1");
        assertThat(seen(SysfsMask.onlyGranted(), "grep HugePages_Free /proc/meminfo")).singleElement().asString()
                .endsWith(" 16");
    }

    @Test
    @RequiresCommand(value = "lspci", debianPackage = "pciutils")
    void showsLspciOnlyGrantedDevices() throws IOException, InterruptedException {
        Needs.thing(topology.pci().list().size() > 1, "2 PCI devices", "a machine with PCI");
        PciAddress device = topology.pci().list().get(1);

        assertThat(seen(SysfsMask.onlyGranted().pci(device), "lspci -Dn")).singleElement().asString()
                .startsWith(device.toString());
        assertThat(seen(SysfsMask.onlyGranted().pci(device).hidePciDirectories(),
                "find /sys/devices/pci* -name vendor"))
                .allMatch(path -> path.contains("/" + device + "/"))
                .contains(topology.pci().directory(device) + "/vendor");
    }

    @Test
    @RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
    void letsDpdkDetectOneLcore() throws IOException, InterruptedException {
        assertThat(seen(SysfsMask.onlyGranted(), testpmd("--no-huge -m 64"))).anyMatch(
                line -> line.endsWith("Detected CPU lcores: 1"));
    }

    @Test
    @RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
    void letsDpdkSayHowManyPagesItLacks() throws IOException, InterruptedException {
        Needs.thing(topology.hugepages().sizes().contains(PageSize.MIB_2),
                "hugepages of 2MiB", "a kernel with hugetlbfs");

        assertThat(seen(SysfsMask.onlyGranted(), "mkdir " + directory + "/huge\nmount -t hugetlbfs -o pagesize=2M none "
                + directory + "/huge\n" + testpmd("-m 64 --huge-dir " + directory + "/huge")))
                .anyMatch(line -> line.contains("Requested: 64MB, available: 32MB"));
    }

    /** Starts testpmd without devices; it ends with an error, and its messages are what counts. */
    private String testpmd(String memory) {
        return "RUNTIME_DIRECTORY=" + directory + " dpdk-testpmd --no-pci --no-telemetry --no-shconf " + memory
                + " --file-prefix vnfkit-sysfs 2>&1 </dev/null || true";
    }
}
