package io.vnfkit.sysfs.fake;

import io.vnfkit.sysfs.Driver;
import io.vnfkit.sysfs.PciIds;
import io.vnfkit.unit.PciAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Describes a PCI device of a fake host. Not thread-safe; used only while the host is built.
 *
 * <pre>{@code
 * .nic("0000:05:00.0", nic -> nic.intel82599().driver("vfio-pci").iommuGroup(12).node(0))
 * }</pre>
 */
public final class FakePciDevice {

    private static final int INTEL = 0x8086;
    private static final int ETHERNET = 0x020000;
    private static final int PCI_BRIDGE = 0x060400;

    private final PciAddress address;
    private PciIds ids = new PciIds(INTEL, 0x10fb, INTEL, 0x0003, ETHERNET);
    private String driver = "ixgbe";
    private OptionalInt node = OptionalInt.empty();
    private OptionalInt iommuGroup = OptionalInt.empty();
    private boolean noIommu;
    private String networkInterface = "";
    private Optional<PciAddress> bridge = Optional.empty();
    private int enabledFunctions;
    private int supportedFunctions;
    private Optional<PciAddress> physicalFunction = Optional.empty();

    FakePciDevice(PciAddress address) {
        this.address = address;
    }

    /**
     * The Intel 82599 of the white paper, a dual port 10 Gb/s controller, with the driver ixgbe.
     *
     * @return this description
     */
    public FakePciDevice intel82599() {
        return ids(INTEL, 0x10fb).driver("ixgbe").virtualFunctions(0, 63);
    }

    /**
     * An Intel X710, 10 Gb/s, with the driver i40e.
     *
     * @return this description
     */
    public FakePciDevice intelX710() {
        return ids(INTEL, 0x1572).driver("i40e").virtualFunctions(0, 64);
    }

    /**
     * An Intel E810, 100 Gb/s, with the driver ice.
     *
     * @return this description
     */
    public FakePciDevice intelE810() {
        return ids(INTEL, 0x1592).driver("ice").virtualFunctions(0, 128);
    }

    /**
     * A ConnectX-5 with the driver mlx5_core, which DPDK uses beside the kernel.
     *
     * @return this description
     */
    public FakePciDevice connectX5() {
        return ids(0x15b3, 0x1017).driver("mlx5_core");
    }

    /**
     * The network device of a virtual machine, with the driver virtio-pci.
     *
     * @return this description
     */
    public FakePciDevice virtioNet() {
        return ids(0x1af4, 0x1041).driver("virtio-pci").virtualFunctions(0, 0);
    }

    /**
     * A bridge between PCI buses, with the driver pcieport.
     *
     * @return this description
     */
    public FakePciDevice pciBridge() {
        return ids(INTEL, 0x2030).classCode(PCI_BRIDGE).driver("pcieport").virtualFunctions(0, 0);
    }

    /**
     * Other ids; the board's become the same.
     *
     * @param vendor vendor id
     * @param device device id
     * @return this description
     */
    public FakePciDevice ids(int vendor, int device) {
        ids = new PciIds(vendor, device, vendor, device, ids.classCode());
        return this;
    }

    /**
     * Another class.
     *
     * @param classCode class, subclass and programming interface, such as 0x010802 for NVMe
     * @return this description
     */
    public FakePciDevice classCode(int classCode) {
        ids = new PciIds(ids.vendor(), ids.device(), ids.subsystemVendor(), ids.subsystemDevice(), classCode);
        return this;
    }

    /**
     * What it is bound to. With vfio-pci it needs an IOMMU group.
     *
     * @param name name of the driver
     * @return this description
     */
    public FakePciDevice driver(String name) {
        driver = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Bound to nothing.
     *
     * @return this description
     */
    public FakePciDevice noDriver() {
        return driver("");
    }

    /**
     * The IOMMU group it is in.
     *
     * @param number the group's number
     * @return this description
     */
    public FakePciDevice iommuGroup(int number) {
        iommuGroup = OptionalInt.of(number);
        return this;
    }

    /**
     * The group that VFIO makes up when it is told to do without an IOMMU.
     *
     * @param group the group's number
     * @return this description
     */
    public FakePciDevice noIommu(int group) {
        noIommu = true;
        return iommuGroup(group);
    }

    /**
     * The NUMA node it is attached to.
     *
     * @param number the node's number
     * @return this description
     */
    public FakePciDevice node(int number) {
        node = OptionalInt.of(number);
        return this;
    }

    /**
     * Name of its network interface, if a kernel driver owns it. Without this it gets one by its place on the bus.
     *
     * @param name such as {@code eth1}
     * @return this description
     */
    public FakePciDevice networkInterface(String name) {
        networkInterface = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Puts it behind a bridge that the host has too.
     *
     * @param bridgeAddress the bridge
     * @return this description
     */
    public FakePciDevice behind(String bridgeAddress) {
        bridge = Optional.of(PciAddress.parse(bridgeAddress));
        return this;
    }

    /**
     * How many virtual functions it has and can have. The functions themselves are devices of their own; see
     * {@link #virtualFunctionOf}.
     *
     * @param enabled how many there are now
     * @param supported how many there can be; 0 for a device without SR-IOV
     * @return this description
     */
    public FakePciDevice virtualFunctions(int enabled, int supported) {
        enabledFunctions = enabled;
        supportedFunctions = supported;
        return this;
    }

    /**
     * Makes it a virtual function.
     *
     * @param physical the device that it is a function of
     * @return this description
     */
    public FakePciDevice virtualFunctionOf(String physical) {
        physicalFunction = Optional.of(PciAddress.parse(physical));
        return virtualFunctions(0, 0);
    }

    PciAddress address() {
        return address;
    }

    PciIds ids() {
        return ids;
    }

    String driverName() {
        return driver;
    }

    boolean isVfio() {
        return Driver.named(driver) instanceof Driver.VfioPci;
    }

    boolean isUio() {
        Driver named = Driver.named(driver);
        return named instanceof Driver.UioPciGeneric || named instanceof Driver.IgbUio;
    }

    /** Whether the kernel made a network interface of it. */
    boolean hasInterface() {
        return ids.isNetwork() && !driver.isEmpty() && !isVfio() && !isUio();
    }

    String interfaceName() {
        return networkInterface.isEmpty()
                ? "enp" + address.bus() + "s" + address.device() + "f" + address.function()
                : networkInterface;
    }

    OptionalInt node() {
        return node;
    }

    OptionalInt iommuGroup() {
        return iommuGroup;
    }

    boolean isNoIommu() {
        return noIommu;
    }

    Optional<PciAddress> bridge() {
        return bridge;
    }

    int enabledFunctions() {
        return enabledFunctions;
    }

    int supportedFunctions() {
        return supportedFunctions;
    }

    Optional<PciAddress> physicalFunction() {
        return physicalFunction;
    }

    @Override
    public String toString() {
        return "PCI device " + address;
    }
}
