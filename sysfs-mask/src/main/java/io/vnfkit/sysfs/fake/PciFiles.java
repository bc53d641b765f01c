package io.vnfkit.sysfs.fake;

import io.vnfkit.sysfs.PciIds;
import io.vnfkit.unit.PciAddress;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Writes PCI devices, their drivers and IOMMU groups. */
final class PciFiles {

    private static final String BUS = "/sys/bus/pci";
    private static final int VFIO_MAJOR = 242;
    private static final int UIO_MAJOR = 243;
    private static final int MISC_MAJOR = 10;
    private static final int VFIO_MINOR = 196;
    private static final int INFINIBAND_MAJOR = 231;
    private static final int FIRST_UVERBS_MINOR = 192;
    private static final String NO_REGION = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n";

    private final FakeTree tree;
    private final FakeMachine machine;
    private final SortedMap<PciAddress, FakePciDevice> devices;
    private int uioCount;
    private int uverbsCount;
    private int groupCount;

    PciFiles(FakeTree tree, FakeMachine machine, SortedMap<PciAddress, FakePciDevice> devices) {
        this.tree = tree;
        this.machine = machine;
        this.devices = devices;
    }

    void write() {
        tree.directory(BUS + "/devices").directory(BUS + "/drivers").directory("/sys/kernel/iommu_groups");
        tree.directory("/sys/class/iommu").directory("/dev").directory("/proc/bus/pci");
        devices.values().forEach(this::writeDevice);
        devices.values().stream()
                .filter(device -> device.iommuGroup().isPresent())
                .collect(Collectors.groupingBy(device -> device.iommuGroup().getAsInt()))
                .forEach(this::writeGroup);
    }

    private void writeDevice(FakePciDevice device) {
        String directory = directory(device);
        PciIds ids = device.ids();
        tree.link(BUS + "/devices/" + device.address(), "../../.." + directory.substring("/sys".length()));
        tree.value(directory + "/vendor", String.format("0x%04x", ids.vendor()));
        tree.value(directory + "/device", String.format("0x%04x", ids.device()));
        tree.value(directory + "/subsystem_vendor", String.format("0x%04x", ids.subsystemVendor()));
        tree.value(directory + "/subsystem_device", String.format("0x%04x", ids.subsystemDevice()));
        tree.value(directory + "/class", String.format("0x%06x", ids.classCode()));
        tree.value(directory + "/revision", "0x01");
        tree.value(directory + "/irq", 0);
        tree.value(directory + "/enable", device.driverName().isEmpty() ? 0 : 1);
        tree.value(directory + "/numa_node", device.node().orElse(-1));
        tree.value(directory + "/local_cpulist",
                device.node().isPresent() ? machine.cpusOfNode(device.node().getAsInt()) : machine.online());
        tree.value(directory + "/driver_override", "(null)");
        tree.file(directory + "/uevent", "PCI_SLOT_NAME=" + device.address() + "\n");
        tree.file(directory + "/resource", NO_REGION.repeat(13));
        tree.file(directory + "/resource0", "").file(directory + "/config", "").file(directory + "/remove", "");
        tree.link(directory + "/subsystem", up(directory, BUS));
        tree.file("/proc/bus/pci/" + String.format("%02x/%02x.%x", device.address().bus(), device.address().device(),
                device.address().function()), "");
        writeFunctions(device, directory);
        writeDriver(device, directory);
    }

    /** Relative path from a directory below /sys to another. */
    private static String up(String directory, String target) {
        int depth = (int) directory.chars().filter(character -> character == '/').count() - 1;
        return "../".repeat(depth) + target.substring("/sys/".length());
    }

    private String directory(FakePciDevice device) {
        if (device.bridge().isPresent()) {
            return directory(devices.get(device.bridge().get())) + "/" + device.address();
        }
        PciAddress address = device.address();
        return String.format("/sys/devices/pci%04x:%02x/%s", address.domain(), address.bus(), address);
    }

    private void writeFunctions(FakePciDevice device, String directory) {
        if (device.supportedFunctions() > 0) {
            tree.value(directory + "/sriov_totalvfs", device.supportedFunctions());
            tree.value(directory + "/sriov_numvfs", device.enabledFunctions());
        }
        device.physicalFunction().ifPresent(physical ->
                tree.link(directory + "/physfn", up(directory, directory(devices.get(physical)))));
    }

    private void writeDriver(FakePciDevice device, String directory) {
        String name = device.driverName();
        if (name.isEmpty()) {
            return;
        }
        String driver = BUS + "/drivers/" + name;
        tree.file(driver + "/bind", "").file(driver + "/unbind", "").file(driver + "/new_id", "");
        tree.link(driver + "/" + device.address(), up(driver, directory));
        tree.link(directory + "/driver", up(directory, driver));
        tree.directory("/sys/module/" + name.replace('-', '_'));
        if (device.isUio()) {
            writeUio(directory, name);
        }
        if (device.hasInterface()) {
            new NetworkFiles(tree).write(device.interfaceName(), directory + "/net/" + device.interfaceName(), true);
        }
        if (name.equals("mlx5_core") || name.equals("mlx4_core")) {
            writeUverbs(directory);
        }
    }

    private void writeUio(String directory, String driver) {
        int minor = uioCount++;
        String uio = directory + "/uio/uio" + minor;
        tree.value(uio + "/dev", UIO_MAJOR + ":" + minor);
        tree.value(uio + "/name", driver);
        tree.link(uio + "/device", "../../../" + directory.substring(directory.lastIndexOf('/') + 1));
        tree.link("/sys/class/uio/uio" + minor, up("/sys/class/uio", uio));
        tree.file("/dev/uio" + minor, "");
    }

    private void writeUverbs(String directory) {
        int number = uverbsCount++;
        tree.value(directory + "/infiniband_verbs/uverbs" + number + "/dev",
                INFINIBAND_MAJOR + ":" + (FIRST_UVERBS_MINOR + number));
        tree.file("/dev/infiniband/uverbs" + number, "");
    }

    private void writeGroup(int number, Collection<FakePciDevice> members) {
        String group = "/sys/kernel/iommu_groups/" + number;
        boolean noIommu = members.stream().anyMatch(FakePciDevice::isNoIommu);
        for (FakePciDevice member : members) {
            tree.link(group + "/devices/" + member.address(), up(group + "/devices", directory(member)));
            tree.link(directory(member) + "/iommu_group", up(directory(member), group));
        }
        if (noIommu) {
            tree.value(group + "/name", "vfio-noiommu");
        } else {
            tree.directory("/sys/class/iommu/dmar0");
        }
        tree.value(group + "/type", "DMA");
        if (members.stream().anyMatch(FakePciDevice::isVfio)) {
            writeVfio(noIommu ? "noiommu-" + number : Integer.toString(number));
        }
    }

    private void writeVfio(String group) {
        if (groupCount == 0) {
            writeClass("misc", "vfio", MISC_MAJOR + ":" + VFIO_MINOR);
            tree.file("/dev/vfio/vfio", "").directory("/sys/module/vfio");
        }
        writeClass("vfio", group, VFIO_MAJOR + ":" + groupCount++);
        tree.file("/dev/vfio/" + group, "");
    }

    private void writeClass(String name, String device, String number) {
        String directory = "/sys/devices/virtual/" + name + "/" + device;
        tree.value(directory + "/dev", number);
        tree.link("/sys/class/" + name + "/" + device, up("/sys/class/" + name, directory));
    }

    /** All devices of a map by their interface names. */
    static Map<String, Long> interfaceNames(Collection<FakePciDevice> devices) {
        return devices.stream()
                .filter(FakePciDevice::hasInterface)
                .collect(Collectors.groupingBy(FakePciDevice::interfaceName, Collectors.counting()));
    }
}
