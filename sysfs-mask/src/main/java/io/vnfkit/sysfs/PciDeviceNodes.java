package io.vnfkit.sysfs;

import io.vnfkit.linux.DeviceNumber;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the nodes in /dev that belong to a PCI device. Immutable and thread-safe. */
final class PciDeviceNodes {

    private static final DeviceNumber NO_DEVICE = new DeviceNumber(0, 0);

    private final KernelFiles files;

    PciDeviceNodes(KernelFiles files) {
        this.files = files;
    }

    List<DeviceNode> of(Path directory, Driver driver, Optional<IommuGroup> group) {
        if (driver instanceof Driver.VfioPci) {
            return vfio(directory, group);
        }
        if (driver instanceof Driver.Kernel) {
            return classNodes(directory + "/infiniband_verbs", "uverbs", "/dev/infiniband/");
        }
        return classNodes(directory + "/uio", "uio", "/dev/");
    }

    private List<DeviceNode> vfio(Path directory, Optional<IommuGroup> group) {
        List<DeviceNode> nodes = new ArrayList<>();
        Optional<DeviceNode> groupNode = group.flatMap(this::groupNode);
        if (groupNode.isPresent()) {
            node("/dev/vfio/vfio", "/sys/class/misc/vfio/dev").ifPresent(nodes::add);
            nodes.add(groupNode.get());
        }
        // Since 6.6, with CONFIG_VFIO_DEVICE_CDEV: a node of its own for each device, used with /dev/iommu.
        List<DeviceNode> deviceNodes = classNodes(directory + "/vfio-dev", "", "/dev/vfio/devices/");
        if (!deviceNodes.isEmpty()) {
            node("/dev/iommu", "/sys/class/misc/iommu/dev").ifPresent(nodes::add);
            nodes.addAll(deviceNodes);
        }
        return nodes;
    }

    private Optional<DeviceNode> groupNode(IommuGroup group) {
        String name = group.noIommu() ? "noiommu-" + group.number() : Integer.toString(group.number());
        return node("/dev/vfio/" + name, "/sys/class/vfio/" + name + "/dev");
    }

    /** Nodes of a class directory such as {@code uio/uio3}; old kernels made that {@code uio:uio3}. */
    private List<DeviceNode> classNodes(String directory, String prefix, String target) {
        List<DeviceNode> nodes = new ArrayList<>();
        for (String entry : files.listIfExists(directory)) {
            String name = entry.substring(entry.indexOf(':') + 1);
            if (name.startsWith(prefix) && files.exists(directory + "/" + entry + "/dev")) {
                node(target + name, directory + "/" + entry + "/dev").ifPresent(nodes::add);
            }
        }
        return nodes;
    }

    private Optional<DeviceNode> node(String path, String devFile) {
        Optional<DeviceNumber> number = files.readIfExists(devFile).map(text -> DeviceNumber.parse(text.strip()));
        return number.or(() -> numberOfNode(path)).map(found -> new DeviceNode(Path.of(path), found));
    }

    private Optional<DeviceNumber> numberOfNode(String path) {
        // An ordinary file has device number 0:0, which no device has.
        return files.deviceNumber(path).filter(number -> !number.equals(NO_DEVICE));
    }
}
