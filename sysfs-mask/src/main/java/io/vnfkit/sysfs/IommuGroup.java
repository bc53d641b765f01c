package io.vnfkit.sysfs;

import io.vnfkit.unit.PciAddress;
import java.util.List;

/**
 * The smallest set of devices that the IOMMU can keep apart from others.
 *
 * @param number the kernel's number, which names the node in /dev/vfio
 * @param noIommu whether VFIO made the group up for a machine without IOMMU, so that nothing confines DMA
 * @param members its PCI devices in ascending order
 * @see <a href="https://docs.kernel.org/driver-api/vfio.html">VFIO</a>
 */
public record IommuGroup(int number, boolean noIommu, List<PciAddress> members) {

    /** Copies the list. */
    public IommuGroup {
        members = List.copyOf(members);
    }
}
