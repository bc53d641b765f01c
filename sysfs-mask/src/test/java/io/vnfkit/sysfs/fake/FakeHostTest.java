package io.vnfkit.sysfs.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FakeHostTest {

    @TempDir
    Path directory;

    private FakeHostBuilder host() {
        return FakeHost.in(directory.resolve("host"));
    }

    private static List<String> problems(FakeHostBuilder builder) {
        try {
            builder.build();
        } catch (FakeHostException failure) {
            return failure.problems();
        }
        return List.of();
    }

    @Test
    void buildsAHostInOneLine() {
        FakeHost fake = host().build();

        assertThat(HostTopology.read(fake.host()).cpus().online()).isEqualTo(CpuSet.range(0, 3));
        assertThat(fake.file("/sys/devices/system/cpu/online")).hasContent("0-3");
        assertThat(fake.host().isThisHost()).isFalse();
        assertThat(fake.root()).isEqualTo(directory.resolve("host"));
    }

    @Test
    void numbersCpusAsServersDo() {
        HostTopology topology = HostTopology.read(FakeHost.largeServer(directory.resolve("large")).build().host());

        assertThat(topology.cpus().online().size()).isEqualTo(144);
        assertThat(topology.cpus().cpu(0).threadSiblings()).isEqualTo(CpuSet.of(0, 72));
        assertThat(topology.numa().node(1).cpus()).isEqualTo(CpuSet.parse("36-71,108-143"));
        assertThat(topology.pci().list()).hasSize(64);
    }

    @Test
    void writesWhatTheKernelWouldSayOfItself() {
        FakeHost fake = host().isolated("2-3").nohzFull("3").kernelCommandLine("quiet").kernelRelease("6.12.1")
                .executable("/usr/bin/dpdk-testpmd").networkInterface("veth0").file("/etc/motd", "hello").build();

        assertThat(fake.host().files().read("/proc/cmdline")).isEqualTo("quiet isolcpus=2-3 nohz_full=3");
        assertThat(fake.host().files().read("/proc/sys/kernel/osrelease")).isEqualTo("6.12.1");
        assertThat(fake.host().files().readLines("/proc/cpuinfo")).filteredOn(line -> line.startsWith("processor"))
                .hasSize(4);
        assertThat(fake.file("/bin/dpdk-testpmd")).isExecutable();
        assertThat(fake.host().files().list("/sys/class/net")).containsExactly("lo", "veth0");
        assertThat(fake.file("/etc/motd")).hasContent("hello");
    }

    @Test
    void makesInterfacesOfCardsThatTheKernelOwns() {
        FakeHost fake = host().nic("0000:05:00.0", nic -> { })
                .nic("0000:05:00.1", nic -> nic.networkInterface("uplink"))
                .nic("0000:06:00.0", nic -> nic.driver("vfio-pci").iommuGroup(1)).build();

        assertThat(fake.host().files().list("/sys/class/net")).containsExactly("enp5s0f0", "lo", "uplink");
        assertThat(fake.host().files().read("/sys/class/net/uplink/device/vendor")).isEqualTo("0x8086");
    }

    @ParameterizedTest
    @EnumSource(FakeCgroups.class)
    void mountsControlGroups(FakeCgroups layout) {
        FakeHost fake = host().cgroups(layout).build();
        String mountinfo = fake.host().files().read("/proc/self/mountinfo");

        assertThat(mountinfo.contains(" - cgroup cgroup rw,cpuset")).isEqualTo(layout != FakeCgroups.V2);
        assertThat(mountinfo.contains(" - cgroup2 ")).isEqualTo(layout != FakeCgroups.V1);
        assertThat(fake.host().files().read("/proc/self/cgroup").contains("0::/"))
                .isEqualTo(layout != FakeCgroups.V1);
        assertThat(mountinfo.lines()).allMatch(line -> line.matches("\\d+ \\d+ 0:\\d+ / /\\S* rw.* - \\w+ \\S+ rw.*"));
    }

    @Test
    void hasNoDanglingLinks() throws IOException {
        FakeHost fake = host().sockets(2).threadsPerCore(2).offline("7")
                .pciDevice("0000:00:03.0", FakePciDevice::pciBridge)
                .nic("0000:05:00.0", nic -> nic.behind("0000:00:03.0").driver("vfio-pci").iommuGroup(1)
                        .virtualFunctions(1, 2))
                .nic("0000:05:10.0", nic -> nic.behind("0000:00:03.0").virtualFunctionOf("0000:05:00.0"))
                .nic("0000:06:00.0", nic -> nic.driver("igb_uio")).build();

        try (Stream<Path> files = Files.walk(fake.root())) {
            assertThat(files.filter(Files::isSymbolicLink)
                    .filter(link -> !link.endsWith("subsystem"))
                    .filter(link -> !Files.exists(link))).isEmpty();
        }
    }

    @Test
    void refusesCpusThatDoNotExist() {
        assertThat(problems(host().isolated("2-9").offline("4").nohzFull("5"))).containsExactly(
                "offline CPUs 4 do not exist; the host has 0-3",
                "isolated CPUs 4-9 do not exist; the host has 0-3",
                "nohz_full CPUs 5 do not exist; the host has 0-3");
        assertThat(problems(host().offline("0"))).containsExactly("the boot CPU 0 cannot be offline");
        assertThat(problems(host().isolated("0-3"))).containsExactly("at least one CPU must not be isolated");
        assertThat(problems(host().nohzFull("0-3")))
                .containsExactly("at least one CPU must keep the time: nohz_full holds all");
        assertThatThrownBy(() -> host().isolated("3-2")).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void refusesNumbersThatMakeNoMachine() {
        assertThat(problems(host().sockets(0).threadsPerCore(-1))).containsExactly(
                "a host has at least one socket, not 0", "a core has at least one thread, not -1");
        assertThat(problems(host().coresPerSocket(6).nodesPerSocket(4)))
                .containsExactly("6 cores do not divide among 4 nodes");
        assertThat(problems(host().coresPerSocket(9000)))
                .containsExactly("9000 CPUs are more than the 8192 of the kernel");
    }

    @Test
    void refusesMorePagesThanMemory() {
        assertThat(problems(host().memoryPerNode(Bytes.gibibytes(4))
                .hugepages(0, PageSize.GIB_1, 3).hugepages(0, PageSize.MIB_2, 513)))
                .containsExactly("huge pages on node 0 take 4098MiB, it has 4GiB");
    }

    @Test
    void refusesPagesThatCannotBe() {
        assertThat(problems(host().hugepages(0, PageSize.MIB_32, 1))).containsExactly(
                "X86_64 has no huge pages of 32MiB here, but [2MiB, 1GiB]");
        assertThat(problems(host().hugepages(1, PageSize.MIB_2, 1)))
                .containsExactly("huge pages on node 1, but the host has 0");
        assertThat(problems(host().hugepages(0, PageSize.MIB_2, -1)))
                .containsExactly("a pool of -1 huge pages on node 0");
        assertThat(problems(host().withoutHugepages().hugetlbfs("/dev/hugepages", PageSize.MIB_2)))
                .containsExactly("X86_64 has no huge pages of 2MiB here, but []");
    }

    @Test
    void refusesMemoryThatCannotBe() {
        assertThat(problems(host().memory(2, Bytes.gibibytes(1)))).containsExactly(
                "memory on node 2, but the host has 0");
        assertThat(problems(host().memoryPerNode(Bytes.ZERO))).containsExactly("no node has memory");
        assertThat(problems(host().sockets(2).withoutNuma()))
                .containsExactly("a kernel without NUMA shows one node, the host has 0-1");
    }

    @Test
    void refusesTwoDevicesAtOneAddress() {
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.networkInterface("a"))
                .nic("05:00.0", nic -> nic.networkInterface("b"))))
                .containsExactly("two PCI devices at 0000:05:00.0");
    }

    @Test
    void refusesDriversThatCannotBe() {
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.driver("../ixgbe")))).containsExactly(
                "PCI device 0000:05:00.0: \"../ixgbe\" is no name of a driver");
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.driver("vfio-pci")))).containsExactly(
                "PCI device 0000:05:00.0: vfio-pci takes only devices in an IOMMU group;"
                        + " add iommuGroup(n) or noIommu(n)");
    }

    @Test
    void refusesPlacesThatCannotBe() {
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.node(3)))).containsExactly(
                "PCI device 0000:05:00.0 is attached to node 3, but the host has 0");
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.behind("0000:00:01.0")))).containsExactly(
                "PCI device 0000:05:00.0 is behind 0000:00:01.0, which does not exist");
        assertThat(problems(host().nic("0000:04:00.0", nic -> { })
                .nic("0000:05:00.0", nic -> nic.behind("0000:04:00.0")))).containsExactly(
                "PCI device 0000:05:00.0 is behind 0000:04:00.0, which is no bridge");
    }

    @Test
    void refusesGroupsThatCannotBe() {
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.iommuGroup(1))
                .nic("0001:05:00.0", nic -> nic.iommuGroup(1).networkInterface("b")))).containsExactly(
                "IOMMU group 1 spans PCI domains: [PCI device 0000:05:00.0, PCI device 0001:05:00.0]");
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.noIommu(1))
                .nic("0000:06:00.0", nic -> nic.iommuGroup(1)))).hasSize(2).first().asString()
                .startsWith("IOMMU group 1 is real for some of its devices and made up by VFIO for others");
    }

    @Test
    void refusesVirtualFunctionsThatCannotBe() {
        assertThat(problems(host().nic("0000:05:00.0", nic -> nic.virtualFunctions(9, 8)))).containsExactly(
                "PCI device 0000:05:00.0 has 9 virtual functions, it can have 0 to 8");
        assertThat(problems(host().nic("0000:05:00.0", nic -> { })
                .nic("0000:05:10.0", nic -> nic.virtualFunctionOf("0000:05:00.0")))).containsExactly(
                "0000:05:00.0 has 1 virtual functions on the bus, but says 0");
    }

    @Test
    void refusesNamesThatCannotBe() {
        assertThat(problems(host().networkInterface("a-name-that-is-long").file("/etc/../x", ""))).containsExactly(
                "\"/etc/../x\" is no absolute path without ..",
                "\"a-name-that-is-long\" is no name of a network interface: 1 to 15 characters without / and blanks");
    }

    @Test
    void refusesADirectoryThatIsNotEmptyAndWritesNothing() {
        FakeHost first = host().build();

        assertThat(problems(host())).containsExactly("the directory " + first.root() + " is not empty");
        assertThat(problems(FakeHost.in(directory.resolve("bad")).sockets(0))).hasSize(1);
        assertThat(directory.resolve("bad")).doesNotExist();
    }

    @Test
    void measuresPlanningTime() {
        assertThatCode(() -> assertThat(PlanningTime.measure(directory.resolve("large"), 1).rounds()).isEqualTo(1))
                .doesNotThrowAnyException();
    }
}
