package io.vnfkit.sysfs;

import io.vnfkit.Contributions;
import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The granted PCI devices: are they fit for a VNF, and what does it need in order to use them. Immutable. */
final class PciGrant {

    private static final Logger LOG = LoggerFactory.getLogger(PciGrant.class);
    private static final String WHERE = "sysfs.pci";

    private final PciDevices host;
    private final List<PciDevice> devices;
    private final List<PciAddress> missing;

    private PciGrant(PciDevices host, List<PciDevice> devices, List<PciAddress> missing) {
        this.host = host;
        this.devices = devices;
        this.missing = missing;
    }

    static PciGrant of(List<PciAddress> granted, PciDevices host) {
        List<PciDevice> devices = new ArrayList<>();
        List<PciAddress> missing = new ArrayList<>();
        for (PciAddress address : granted) {
            if (host.contains(address)) {
                devices.add(host.device(address));
            } else {
                missing.add(address);
            }
        }
        return new PciGrant(host, devices, missing);
    }

    List<PciAddress> existing() {
        return devices.stream().map(PciDevice::address).toList();
    }

    List<PciDevice> devices() {
        return devices;
    }

    List<Problem> problems(Grant grant, boolean strict) {
        List<Problem> problems = new ArrayList<>();
        for (PciAddress address : missing) {
            problems.add(new Problem(WHERE, "PCI device " + address + " does not exist",
                    "see lspci -D, or /sys/bus/pci/devices, for the host's devices"));
        }
        for (PciDevice device : devices) {
            addDriverProblem(device, problems);
            addGroupProblem(device, grant.pciDevices(), problems);
            addNodeProblem(device, grant.memoryNodes(), strict, problems);
        }
        return problems;
    }

    private static void addDriverProblem(PciDevice device, List<Problem> problems) {
        String name = "PCI device " + device.address();
        String bind = "bind it: dpdk-devbind.py --bind=vfio-pci " + device.address() + ", or write vfio-pci to "
                + device.directory() + "/driver_override, then the address to /sys/bus/pci/drivers_probe";
        if (device.driver() instanceof Driver.None) {
            problems.add(new Problem(WHERE, name + " is bound to no driver", bind));
        } else if (!device.driver().usableByDpdk()) {
            problems.add(new Problem(WHERE,
                    name + " belongs to the kernel: it is bound to the driver " + device.driver().name(),
                    "unless the host itself needs it, " + bind));
        } else if (device.deviceNodes().isEmpty()) {
            problems.add(new Problem(WHERE,
                    name + " is bound to " + device.driver().name() + ", but no device node in /dev belongs to it",
                    "look at the kernel log for why the driver refused it, and bind it again"));
        }
    }

    private void addGroupProblem(PciDevice device, List<PciAddress> granted, List<Problem> problems) {
        if (!(device.driver() instanceof Driver.VfioPci) || device.iommuGroup().isEmpty()) {
            return;
        }
        IommuGroup group = device.iommuGroup().get();
        List<PciAddress> others = group.members().stream()
                .filter(member -> !granted.contains(member) && host.contains(member))
                .filter(member -> !host.ids(member).isBridge())
                .toList();
        if (!others.isEmpty()) {
            String list = others.stream()
                    .map(member -> member + " (driver " + host.driver(member).name() + ")")
                    .collect(Collectors.joining(", "));
            problems.add(new Problem(WHERE,
                    "PCI device " + device.address() + " shares IOMMU group " + group.number()
                            + " with devices that are not granted: " + list,
                    "grant them too, or move the card to a slot behind a port with ACS"));
        }
    }

    private static void addNodeProblem(
            PciDevice device, NodeSet memoryNodes, boolean strict, List<Problem> problems) {
        if (device.numaNode().isEmpty() || memoryNodes.isEmpty()
                || memoryNodes.contains(device.numaNode().getAsInt())) {
            return;
        }
        String what = "PCI device " + device.address() + " is attached to NUMA node "
                + device.numaNode().getAsInt() + ", the granted memory is on " + memoryNodes;
        if (strict) {
            problems.add(new Problem(
                    WHERE, what, "grant memory of the device's node, or a device of the memory's node"));
        } else {
            LOG.debug("{}: every packet crosses between nodes", what);
        }
    }

    /** Device nodes, each once: all VFIO devices share /dev/vfio/vfio, and those of a group its node. */
    void contributeAccess(KernelFiles files, Contributions contributions) {
        Map<Path, DeviceNode> nodes = new LinkedHashMap<>();
        devices.stream()
                .filter(device -> device.driver().usableByDpdk())
                .flatMap(device -> device.deviceNodes().stream())
                .forEach(node -> nodes.putIfAbsent(node.path(), node));
        nodes.values().forEach(node -> contributions.device(node.path(), node.rule()));
        devices.stream().filter(PciGrant::worksThroughSysfs).forEach(device -> openFiles(device, files, contributions));
    }

    private static boolean worksThroughSysfs(PciDevice device) {
        return device.driver() instanceof Driver.UioPciGeneric || device.driver() instanceof Driver.IgbUio;
    }

    /** UIO drivers of DPDK write to these files, and a VNF's sysfs is read-only. Not the directory: it has "remove". */
    private static void openFiles(PciDevice device, KernelFiles files, Contributions contributions) {
        files.list(device.directory().toString()).stream()
                .filter(name -> name.equals("config") || name.matches("resource\\d+(_wc)?"))
                .map(device.directory()::resolve)
                .forEach(file -> contributions.mount(new VnfMount.Bind(
                        file, file, Set.of(VnfMount.Flag.NOSUID, VnfMount.Flag.NODEV, VnfMount.Flag.NOEXEC), false)));
    }

    /** With no device granted the EAL need not look at the bus; vdevs are not affected. */
    void contributeArguments(Contributions contributions) {
        if (devices.isEmpty()) {
            contributions.ealArgument("--no-pci", "");
        }
        devices.forEach(device -> contributions.ealArgument("-a", device.address().toString()));
    }
}
