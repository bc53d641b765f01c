package io.vnfkit.sysfs;

/**
 * What kind of PCI device it is.
 *
 * @param vendor vendor id, such as 0x8086
 * @param device device id
 * @param subsystemVendor vendor id of the board
 * @param subsystemDevice device id of the board
 * @param classCode class, subclass and programming interface: 0x020000 is an Ethernet controller
 */
public record PciIds(int vendor, int device, int subsystemVendor, int subsystemDevice, int classCode) {

    private static final int BRIDGE = 0x06;
    private static final int NETWORK = 0x02;

    /**
     * Tells whether it is a bridge. The kernel's driver of a bridge does no DMA of its own, so that a bridge does not
     * stop VFIO from using other devices of its IOMMU group.
     *
     * @return true for base class 06
     */
    public boolean isBridge() {
        return classCode >> 16 == BRIDGE;
    }

    /**
     * Tells whether it is a network controller.
     *
     * @return true for base class 02
     */
    public boolean isNetwork() {
        return classCode >> 16 == NETWORK;
    }

    @Override
    public String toString() {
        return String.format("%04x:%04x class %06x", vendor, device, classCode);
    }
}
