package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.DeviceNumber;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.sysfs.fake.FakePciDevice;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciDevicesTest {

    private static final PciAddress CARD = PciAddress.parse("0000:05:00.0");
    private static final Path REAL_DIRECTORY = Path.of("/sys/devices/pci0000:05/0000:05:00.0");

    @TempDir
    Path directory;

    private PciDevice card(Consumer<FakePciDevice> description) {
        FakeHost fake = FakeHost.in(directory.resolve("host")).nic(CARD.toString(), description).build();
        return HostTopology.read(fake.host()).pci().device(CARD);
    }

    private static DeviceNode node(String path, int major, int minor) {
        return new DeviceNode(Path.of(path), new DeviceNumber(major, minor));
    }

    @Test
    void readsWhatADeviceIs() {
        PciDevice device = card(nic -> nic.intel82599().node(0));

        assertThat(device.directory()).isEqualTo(REAL_DIRECTORY);
        assertThat(device.ids()).isEqualTo(new PciIds(0x8086, 0x10fb, 0x8086, 0x10fb, 0x020000));
        assertThat(device.ids().isNetwork()).isTrue();
        assertThat(device.driver()).isEqualTo(new Driver.Kernel("ixgbe"));
        assertThat(device.driver().usableByDpdk()).isFalse();
        assertThat(device.numaNode()).hasValue(0);
        assertThat(device.iommuGroup()).isEmpty();
        assertThat(device.deviceNodes()).isEmpty();
        assertThat(device.virtualFunctions()).contains(new VirtualFunctions(0, 63));
        assertThat(device.physicalFunction()).isEmpty();
    }

    @Test
    void takesNodeMinusOneForUnknown() {
        assertThat(card(nic -> { }).numaNode()).isEmpty();
    }

    @Test
    void findsTheNodesOfAVfioGroup() {
        PciDevice device = card(nic -> nic.driver("vfio-pci").iommuGroup(12));

        assertThat(device.driver()).isEqualTo(new Driver.VfioPci());
        assertThat(device.iommuGroup()).hasValueSatisfying(group -> {
            assertThat(group.number()).isEqualTo(12);
            assertThat(group.noIommu()).isFalse();
            assertThat(group.members()).containsExactly(CARD);
        });
        assertThat(device.deviceNodes())
                .containsExactly(node("/dev/vfio/vfio", 10, 196), node("/dev/vfio/12", 242, 0));
    }

    @Test
    void findsTheNodesOfVfioWithoutIommu() {
        PciDevice device = card(nic -> nic.driver("vfio-pci").noIommu(3));

        assertThat(device.iommuGroup()).hasValueSatisfying(group -> assertThat(group.noIommu()).isTrue());
        assertThat(device.deviceNodes())
                .containsExactly(node("/dev/vfio/vfio", 10, 196), node("/dev/vfio/noiommu-3", 242, 0));
    }

    @Test
    void findsTheDeviceNodeOfNewerKernels() {
        FakeHost fake = FakeHost.in(directory.resolve("host"))
                .nic(CARD.toString(), nic -> nic.driver("vfio-pci").iommuGroup(12))
                .file(REAL_DIRECTORY + "/vfio-dev/vfio7/dev", "511:7\n")
                .file("/sys/class/misc/iommu/dev", "10:126\n")
                .build();

        assertThat(HostTopology.read(fake.host()).pci().device(CARD).deviceNodes()).containsExactly(
                node("/dev/vfio/vfio", 10, 196), node("/dev/vfio/12", 242, 0),
                node("/dev/iommu", 10, 126), node("/dev/vfio/devices/vfio7", 511, 7));
    }

    @Test
    void findsUioNodes() {
        FakeHost fake = FakeHost.in(directory.resolve("host"))
                .nic("0000:04:00.0", nic -> nic.driver("uio_pci_generic"))
                .nic(CARD.toString(), nic -> nic.driver("igb_uio"))
                .build();
        PciDevices pci = HostTopology.read(fake.host()).pci();

        assertThat(pci.device(PciAddress.parse("0000:04:00.0")).driver()).isEqualTo(new Driver.UioPciGeneric());
        assertThat(pci.device(CARD).driver()).isEqualTo(new Driver.IgbUio());
        assertThat(pci.device(CARD).deviceNodes()).containsExactly(node("/dev/uio1", 243, 1));
    }

    @Test
    void findsUioNodesUnderTheirOldName() {
        FakeHost fake = FakeHost.in(directory.resolve("host"))
                .pciDevice(CARD.toString(), FakePciDevice::noDriver)
                .file(REAL_DIRECTORY + "/uio/uio:uio4/dev", "243:4\n")
                .build();

        assertThat(HostTopology.read(fake.host()).pci().device(CARD).deviceNodes())
                .containsExactly(node("/dev/uio4", 243, 4));
    }

    @Test
    void findsTheNodeOfACardThatDpdkSharesWithTheKernel() {
        PciDevice device = card(FakePciDevice::connectX5);

        assertThat(device.driver().usableByDpdk()).isTrue();
        assertThat(device.deviceNodes()).containsExactly(node("/dev/infiniband/uverbs0", 231, 192));
    }

    @Test
    void readsVirtualFunctionsAndGroupMates() {
        FakeHost fake = FakeHost.in(directory.resolve("host"))
                .nic(CARD.toString(), nic -> nic.virtualFunctions(1, 8).iommuGroup(4))
                .nic("0000:05:10.0", nic -> nic.virtualFunctionOf(CARD.toString()).noDriver().iommuGroup(4))
                .build();
        PciDevice function = HostTopology.read(fake.host()).pci().device(PciAddress.parse("0000:05:10.0"));

        assertThat(function.physicalFunction()).contains(CARD);
        assertThat(function.driver()).isEqualTo(new Driver.None());
        assertThat(function.iommuGroup().orElseThrow().members()).containsExactly(CARD, function.address());
    }

    @Test
    void findsADeviceBehindABridge() {
        FakeHost fake = FakeHost.in(directory.resolve("host"))
                .pciDevice("0000:00:03.0", FakePciDevice::pciBridge)
                .nic(CARD.toString(), nic -> nic.behind("0000:00:03.0"))
                .build();
        PciDevices pci = HostTopology.read(fake.host()).pci();

        assertThat(pci.directory(CARD)).isEqualTo(Path.of("/sys/devices/pci0000:00/0000:00:03.0/0000:05:00.0"));
        assertThat(pci.ids(PciAddress.parse("0000:00:03.0")).isBridge()).isTrue();
        assertThat(pci.list()).containsExactly(PciAddress.parse("0000:00:03.0"), CARD);
    }

    @Test
    void saysThatADeviceDoesNotExist() {
        PciDevices pci = HostTopology.read(FakeHost.in(directory.resolve("host")).build().host()).pci();

        assertThat(pci.contains(CARD)).isFalse();
        assertThatThrownBy(() -> pci.device(CARD)).isInstanceOf(TopologyException.class)
                .hasMessageContaining("0000:05:00.0 does not exist");
    }

    @Test
    void givesTheRuleOfANode() {
        assertThat(node("/dev/vfio/12", 242, 0).rule()).hasToString("c 242:0 rw");
    }
}
