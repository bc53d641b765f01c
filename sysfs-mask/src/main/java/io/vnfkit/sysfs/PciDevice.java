package io.vnfkit.sysfs;

import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A PCI function, from its directory in sysfs.
 *
 * @param address its address
 * @param directory its real directory below /sys/devices
 * @param ids what kind of device it is
 * @param driver what it is bound to
 * @param numaNode the node it is attached to; empty where the firmware does not tell
 * @param iommuGroup its IOMMU group; empty without an IOMMU
 * @param deviceNodes the nodes in /dev through which its userspace driver works: /dev/uioN; /dev/vfio/vfio with
 *     /dev/vfio/GROUP or /dev/vfio/noiommu-GROUP; /dev/iommu with /dev/vfio/devices/vfioN; /dev/infiniband/uverbsN
 * @param virtualFunctions its virtual functions; empty where it cannot do SR-IOV
 * @param physicalFunction the device that it is a virtual function of; empty for others
 */
public record PciDevice(
        PciAddress address,
        Path directory,
        PciIds ids,
        Driver driver,
        OptionalInt numaNode,
        Optional<IommuGroup> iommuGroup,
        List<DeviceNode> deviceNodes,
        Optional<VirtualFunctions> virtualFunctions,
        Optional<PciAddress> physicalFunction) {

    /** Copies the list. */
    public PciDevice {
        deviceNodes = List.copyOf(deviceNodes);
    }
}
