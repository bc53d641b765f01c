package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * PCI devices of a host, from /sys/bus/pci/devices. Thread-safe; reads sysfs at each call.
 *
 * @see <a href="https://docs.kernel.org/PCI/sysfs-pci.html">Accessing PCI device resources through sysfs</a>
 */
public final class PciDevices {

    static final Path DEVICES = Path.of("/sys/bus/pci/devices");
    private static final String IOMMU_GROUPS = "/sys/kernel/iommu_groups";

    private final SysfsReader sysfs;
    private final KernelFiles files;
    private final PciDeviceNodes nodes;

    PciDevices(SysfsReader sysfs) {
        this.sysfs = sysfs;
        this.files = sysfs.files();
        this.nodes = new PciDeviceNodes(files);
    }

    /**
     * Addresses of all devices; reads one directory.
     *
     * @return addresses in ascending order; empty on a machine without PCI
     */
    public List<PciAddress> list() {
        return addresses(files.listIfExists(DEVICES.toString()));
    }

    private static List<PciAddress> addresses(List<String> names) {
        return names.stream().flatMap(PciDevices::address).sorted().toList();
    }

    private static Stream<PciAddress> address(String name) {
        try {
            return Stream.of(PciAddress.parse(name));
        } catch (InvalidValueException otherBus) {
            // An IOMMU group may hold devices of other buses, which have names of another form.
            return Stream.empty();
        }
    }

    /**
     * Tells whether a device exists.
     *
     * @param address its address
     * @return true if it is on the bus
     */
    public boolean contains(PciAddress address) {
        return files.isLink(link(address));
    }

    /**
     * Reads the details of a device.
     *
     * @param address its address
     * @return the device
     * @throws TopologyException if there is none at that address
     * @throws io.vnfkit.linux.KernelFileException if a file cannot be read
     */
    public PciDevice device(PciAddress address) {
        Path directory = directory(address);
        Driver driver = driver(directory);
        Optional<IommuGroup> group = iommuGroup(directory);
        return new PciDevice(
                address,
                directory,
                idsIn(directory),
                driver,
                numaNode(directory),
                group,
                nodes.of(directory, driver, group),
                virtualFunctions(directory),
                linkName(directory, "physfn").map(PciAddress::parse));
    }

    /**
     * Reads the ids of a device only.
     *
     * @param address its address
     * @return its ids
     * @throws TopologyException if there is no device at that address
     */
    public PciIds ids(PciAddress address) {
        return idsIn(directory(address));
    }

    /**
     * Reads what a device is bound to only.
     *
     * @param address its address
     * @return its driver
     * @throws TopologyException if there is no device at that address
     */
    public Driver driver(PciAddress address) {
        return driver(directory(address));
    }

    /**
     * The real directory of a device.
     *
     * @param address its address
     * @return a directory below /sys/devices
     * @throws TopologyException if there is no device at that address
     */
    public Path directory(PciAddress address) {
        return DEVICES.resolve(linkTarget(address)).normalize();
    }

    String linkTarget(PciAddress address) {
        if (!contains(address)) {
            throw new TopologyException("PCI device " + address + " does not exist; see lspci -D for those that do");
        }
        return files.readLink(link(address)).toString();
    }

    private static String link(PciAddress address) {
        return DEVICES + "/" + address;
    }

    private PciIds idsIn(Path directory) {
        return new PciIds(
                sysfs.integer(directory + "/vendor"),
                sysfs.integer(directory + "/device"),
                sysfs.integer(directory + "/subsystem_vendor"),
                sysfs.integer(directory + "/subsystem_device"),
                sysfs.integer(directory + "/class"));
    }

    private Driver driver(Path directory) {
        return linkName(directory, "driver").map(Driver::named).orElseGet(Driver.None::new);
    }

    private OptionalInt numaNode(Path directory) {
        OptionalInt node = sysfs.integerIfExists(directory + "/numa_node");
        // The kernel's own way to say that it does not know is -1.
        return node.isPresent() && node.getAsInt() < 0 ? OptionalInt.empty() : node;
    }

    private Optional<IommuGroup> iommuGroup(Path directory) {
        return linkName(directory, "iommu_group").map(number -> {
            String group = IOMMU_GROUPS + "/" + number;
            boolean noIommu = files.readIfExists(group + "/name").map("vfio-noiommu"::equals).orElse(false);
            return new IommuGroup(Integer.parseInt(number), noIommu, addresses(files.list(group + "/devices")));
        });
    }

    private Optional<VirtualFunctions> virtualFunctions(Path directory) {
        OptionalInt supported = sysfs.integerIfExists(directory + "/sriov_totalvfs");
        return supported.isEmpty()
                ? Optional.empty()
                : Optional.of(new VirtualFunctions(sysfs.integer(directory + "/sriov_numvfs"), supported.getAsInt()));
    }

    private Optional<String> linkName(Path directory, String name) {
        String path = directory + "/" + name;
        return files.isLink(path) ? Optional.of(files.readLink(path).getFileName().toString()) : Optional.empty();
    }
}
