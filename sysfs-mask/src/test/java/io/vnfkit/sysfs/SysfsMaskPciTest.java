package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.sysfs.fake.FakeHostBuilder;
import io.vnfkit.sysfs.fake.FakePciDevice;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks, device nodes, EAL arguments and problems of PCI devices. */
class SysfsMaskPciTest {

    private static final String DEVICES = "/sys/bus/pci/devices";

    @TempDir
    Path directory;

    private FakeHostBuilder host() {
        return FakeHost.in(directory.resolve("host")).sockets(2);
    }

    /** Two ports on a root bus of their own, two behind a bridge, and a disk. */
    private FakeHostBuilder hostWithCards() {
        return host()
                .pciDevice("0000:00:01.0", FakePciDevice::pciBridge)
                .pciDevice("0000:00:02.0", disk -> disk.classCode(0x010802).driver("nvme"))
                .nic("0000:02:00.0", nic -> nic.behind("0000:00:01.0").driver("vfio-pci").iommuGroup(10))
                .nic("0000:02:00.1", nic -> nic.behind("0000:00:01.0").driver("vfio-pci").iommuGroup(11))
                .nic("0000:80:00.0", nic -> nic.driver("vfio-pci").iommuGroup(12))
                .nic("0000:80:00.1", nic -> nic.driver("vfio-pci").iommuGroup(13));
    }

    private static CollectedContributions plan(FakeHost fake, SysfsMask mask) {
        return CollectedContributions.of(mask, fake.host(), Grant.NONE);
    }

    private static SysfsMask granted(String... addresses) {
        return SysfsMask.onlyGranted().pci(Arrays.stream(addresses).map(PciAddress::parse).toArray(PciAddress[]::new));
    }

    @Test
    void linksOnlyGrantedDevicesAsTheKernelDoes() {
        FakeHost fake = hostWithCards().build();
        CollectedContributions recorded = plan(fake, granted("0000:02:00.1", "0000:80:00.0"));
        MaskedView seen = new MaskedView(fake.host(), recorded.masks());

        assertThat(seen.list(DEVICES)).containsExactly("0000:02:00.1", "0000:80:00.0");
        assertThat(seen.read(DEVICES + "/0000:02:00.1/vendor")).isEqualTo("0x8086\n");
        assertThat(seen.exists("/sys/devices/pci0000:80/0000:80:00.1/vendor")).isTrue();
        assertThat(recorded.problems()).isEmpty();
    }

    @Test
    void hidesAllDevicesWhereNoneIsGranted() {
        FakeHost fake = hostWithCards().build();
        CollectedContributions recorded = plan(fake, SysfsMask.onlyGranted());

        assertThat(new MaskedView(fake.host(), recorded.masks()).list(DEVICES)).isEmpty();
        assertThat(recorded.ealWords()).containsExactly("--no-pci");
        assertThat(recorded.devices()).isEmpty();
    }

    @Test
    void coversTheRealDirectoriesOfOtherDevicesWithFewMounts() {
        FakeHost fake = hostWithCards().build();
        CollectedContributions recorded = plan(fake, granted("0000:02:00.1").hidePciDirectories());

        assertThat(recorded.masks()).extracting(mask -> mask.target().toString()).containsExactly(
                DEVICES,
                "/sys/devices/pci0000:00/0000:00:01.0/0000:02:00.0",
                "/sys/devices/pci0000:00/0000:00:02.0",
                "/sys/devices/pci0000:80",
                "/proc/bus/pci");
        MaskedView seen = new MaskedView(fake.host(), recorded.masks());
        assertThat(seen.exists(DEVICES + "/0000:02:00.1/vendor")).isTrue();
        assertThat(seen.exists("/sys/devices/pci0000:80/0000:80:00.0")).isFalse();
    }

    @Test
    void coversABridgeWithAllThatIsBehindIt() {
        FakeHost fake = hostWithCards().build();

        assertThat(plan(fake, granted("0000:00:02.0").hidePciDirectories()).masks())
                .extracting(mask -> mask.target().toString())
                .contains("/sys/devices/pci0000:00/0000:00:01.0")
                .doesNotContain("/sys/devices/pci0000:00/0000:00:01.0/0000:02:00.0");
    }

    @Test
    void masksNothingWhereAllDevicesAreGranted() {
        FakeHost fake = host().nic("0000:80:00.0", nic -> nic.driver("vfio-pci").iommuGroup(12)).build();

        assertThat(plan(fake, granted("0000:80:00.0").hidePciDirectories()).masks()).isEmpty();
    }

    @Test
    void givesTheNodesOfExactlyTheGrantedDevices() {
        CollectedContributions recorded = plan(hostWithCards().build(), granted("0000:02:00.1", "0000:80:00.0"));

        assertThat(recorded.devices()).hasToString("{/dev/vfio/vfio=c 10:196 rw, /dev/vfio/11=c 242:1 rw, "
                + "/dev/vfio/12=c 242:2 rw}");
        assertThat(recorded.ealWords()).containsExactly("-a", "0000:02:00.1", "-a", "0000:80:00.0");
        assertThat(recorded.mounts()).isEmpty();
    }

    @Test
    void givesNodesWithoutMasksWhereOnlyDevicesAreGranted() {
        CollectedContributions recorded =
                plan(hostWithCards().build(), SysfsMask.none().pci(PciAddress.parse("0000:80:00.0")));

        assertThat(recorded.devices()).hasSize(2);
        assertThat(recorded.masks()).isEmpty();
        assertThat(recorded.ealWords()).isEmpty();
    }

    @Test
    void opensTheFilesThroughWhichUioDriversWork() {
        FakeHost fake = host().nic("0000:05:00.0", nic -> nic.driver("igb_uio")).build();
        CollectedContributions recorded = plan(fake, granted("0000:05:00.0"));

        assertThat(recorded.devices()).hasToString("{/dev/uio0=c 243:0 rw}");
        assertThat(recorded.mounts()).extracting(VnfMount::target).containsExactly(
                Path.of("/sys/devices/pci0000:05/0000:05:00.0/config"),
                Path.of("/sys/devices/pci0000:05/0000:05:00.0/resource0"));
        assertThat(recorded.mounts()).allSatisfy(mount -> assertThat(((VnfMount.Bind) mount).flags())
                .doesNotContain(VnfMount.Flag.READ_ONLY));
    }

    @Test
    void saysThatADeviceDoesNotExist() {
        CollectedContributions recorded = plan(hostWithCards().build(), granted("0000:99:00.0", "0000:80:00.0"));

        assertThat(recorded.problems()).extracting(Problem::what)
                .containsExactly("PCI device 0000:99:00.0 does not exist");
        assertThat(recorded.ealWords()).containsExactly("-a", "0000:80:00.0");
    }

    @Test
    void namesTheKernelDriverOfADeviceAndHowToChangeIt() {
        CollectedContributions recorded =
                plan(host().nic("0000:05:00.0", nic -> { }).build(), granted("0000:05:00.0"));

        assertThat(recorded.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("sysfs.pci");
            assertThat(problem.what()).endsWith("bound to the driver ixgbe");
            assertThat(problem.cure()).contains("dpdk-devbind.py --bind=vfio-pci 0000:05:00.0", "driver_override");
        });
        assertThat(recorded.devices()).isEmpty();
    }

    @Test
    void saysThatADeviceHasNoDriver() {
        FakeHost fake = host().nic("0000:05:00.0", FakePciDevice::noDriver).build();

        assertThat(plan(fake, granted("0000:05:00.0")).problems())
                .extracting(Problem::what).containsExactly("PCI device 0000:05:00.0 is bound to no driver");
    }

    @Test
    void takesACardThatDpdkSharesWithTheKernel() {
        CollectedContributions recorded =
                plan(host().nic("0000:05:00.0", FakePciDevice::connectX5).build(), granted("0000:05:00.0"));

        assertThat(recorded.problems()).isEmpty();
        assertThat(recorded.devices()).hasToString("{/dev/infiniband/uverbs0=c 231:192 rw}");
    }

    @Test
    void saysThatNoDeviceNodeBelongsToABoundDevice() {
        FakeHost fake = host().pciDevice("0000:05:00.0", FakePciDevice::noDriver).build();
        FakeHost other = FakeHost.in(directory.resolve("other"))
                .nic("0000:05:00.0", nic -> nic.driver("igb_uio"))
                .file("/sys/devices/pci0000:05/0000:05:00.0/uio/uio0/dev", "0:0\n").build();

        assertThat(plan(fake, granted("0000:05:00.0")).problems()).hasSize(1);
        assertThat(other.file("/sys/devices/pci0000:05/0000:05:00.0/uio/uio0/dev").toFile().delete()).isTrue();
        assertThat(plan(other, granted("0000:05:00.0")).problems()).extracting(Problem::what).containsExactly(
                "PCI device 0000:05:00.0 is bound to igb_uio, but no device node in /dev belongs to it");
    }

    @Test
    void listsDevicesOfTheIommuGroupThatAreNotGranted() {
        FakeHost fake = host()
                .pciDevice("0000:04:00.0", bridge -> bridge.pciBridge().iommuGroup(12))
                .nic("0000:05:00.0", nic -> nic.driver("vfio-pci").iommuGroup(12))
                .nic("0000:05:00.1", nic -> nic.driver("ixgbe").iommuGroup(12))
                .nic("0000:05:00.2", nic -> nic.noDriver().iommuGroup(12))
                .build();

        assertThat(plan(fake, granted("0000:05:00.0")).problems()).extracting(Problem::what).containsExactly(
                "PCI device 0000:05:00.0 shares IOMMU group 12 with devices that are not granted: "
                        + "0000:05:00.1 (driver ixgbe), 0000:05:00.2 (driver none)");
    }

    @Test
    void sharesAGroupWhereAllItsDevicesAreGranted() {
        FakeHost fake = host()
                .nic("0000:05:00.0", nic -> nic.driver("vfio-pci").iommuGroup(12))
                .nic("0000:05:00.1", nic -> nic.driver("vfio-pci").iommuGroup(12))
                .build();
        CollectedContributions recorded = plan(fake, granted("0000:05:00.0", "0000:05:00.1"));

        assertThat(recorded.problems()).isEmpty();
        assertThat(recorded.devices()).containsOnlyKeys(Path.of("/dev/vfio/vfio"), Path.of("/dev/vfio/12"));
    }

    @Test
    void mindsADeviceOnAnotherNodeOnlyWhenStrict() {
        FakeHost fake = host().nic("0000:05:00.0", nic -> nic.driver("vfio-pci").iommuGroup(12).node(1)).build();
        Grant grant = Grant.NONE.withMemoryNodes(NodeSet.of(0));

        assertThat(CollectedContributions.of(granted("0000:05:00.0"), fake.host(), grant).problems()).isEmpty();
        assertThat(CollectedContributions.of(granted("0000:05:00.0").strict(), fake.host(), grant).problems())
                .extracting(Problem::what).containsExactly(
                        "PCI device 0000:05:00.0 is attached to NUMA node 1, the granted memory is on 0");
    }

    @Test
    void worksOnAMachineWithoutPci() {
        FakeHost fake = host().build();
        CollectedContributions recorded = plan(fake, SysfsMask.onlyGranted().hidePciDirectories());

        assertThat(recorded.masks()).isEmpty();
        assertThat(recorded.ealWords()).containsExactly("--no-pci");
    }
}
