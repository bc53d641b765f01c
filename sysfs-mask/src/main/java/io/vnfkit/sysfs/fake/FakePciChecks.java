package io.vnfkit.sysfs.fake;

import io.vnfkit.sysfs.fake.FakeHostBuilder.FakeHostPlan;
import io.vnfkit.unit.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds everything in the PCI devices of a fake host that no kernel would show. */
final class FakePciChecks {

    private final FakeHostPlan plan;
    private final FakeMachine machine;
    private final Map<PciAddress, FakePciDevice> devices = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    FakePciChecks(FakeHostPlan plan, FakeMachine machine) {
        this.plan = plan;
        this.machine = machine;
    }

    List<String> problems() {
        for (FakePciDevice device : plan.devices) {
            refuseIf(devices.put(device.address(), device) != null, "two PCI devices at " + device.address());
        }
        plan.devices.forEach(device -> {
            checkDriver(device);
            checkPlace(device);
            checkFunctions(device);
        });
        plan.devices.stream()
                .filter(device -> device.iommuGroup().isPresent())
                .collect(Collectors.groupingBy(device -> device.iommuGroup().getAsInt()))
                .forEach(this::checkGroup);
        PciFiles.interfaceNames(plan.devices).forEach((name, count) ->
                refuseIf(count > 1 || plan.interfaces.contains(name), "two network interfaces with the name " + name));
        return problems;
    }

    private void refuseIf(boolean wrong, String problem) {
        if (wrong) {
            problems.add(problem);
        }
    }

    private void checkDriver(FakePciDevice device) {
        String name = device.driverName();
        refuseIf(!name.isEmpty() && !name.matches("[A-Za-z0-9][A-Za-z0-9_-]*"),
                device + ": \"" + name + "\" is no name of a driver");
        refuseIf(device.isVfio() && device.iommuGroup().isEmpty(),
                device + ": vfio-pci takes only devices in an IOMMU group; add iommuGroup(n) or noIommu(n)");
        refuseIf(device.isVfio() && device.ids().isBridge(), device + ": vfio-pci does not take bridges");
    }

    private void checkPlace(FakePciDevice device) {
        device.node().ifPresent(node -> refuseIf(!machine.nodes().contains(node),
                device + " is attached to node " + node + ", but the host has " + machine.nodes()));
        device.bridge().ifPresent(address -> {
            FakePciDevice bridge = devices.get(address);
            refuseIf(bridge == null, device + " is behind " + address + ", which does not exist");
            refuseIf(bridge != null && !bridge.ids().isBridge(),
                    device + " is behind " + address + ", which is no bridge");
            refuseIf(bridge != null && bridge.address().bus() >= device.address().bus(),
                    device + " is behind " + address + ", so the number of its bus must be higher");
        });
    }

    private void checkFunctions(FakePciDevice device) {
        refuseIf(device.enabledFunctions() < 0 || device.enabledFunctions() > device.supportedFunctions(),
                device + " has " + device.enabledFunctions() + " virtual functions, it can have 0 to "
                        + device.supportedFunctions());
        device.physicalFunction().ifPresent(physical -> {
            FakePciDevice owner = devices.get(physical);
            refuseIf(owner == null, device + " is a virtual function of " + physical + ", which does not exist");
            refuseIf(owner != null && owner.enabledFunctions() < functionsOf(physical),
                    physical + " has " + functionsOf(physical) + " virtual functions on the bus, but says "
                            + (owner == null ? 0 : owner.enabledFunctions()));
        });
    }

    private long functionsOf(PciAddress physical) {
        return plan.devices.stream()
                .filter(device -> device.physicalFunction().filter(physical::equals).isPresent())
                .count();
    }

    private void checkGroup(int number, List<FakePciDevice> members) {
        refuseIf(number < 0, "an IOMMU group has no negative number: " + number);
        refuseIf(members.stream().map(member -> member.address().domain()).distinct().count() > 1,
                "IOMMU group " + number + " spans PCI domains: " + members);
        refuseIf(members.stream().map(FakePciDevice::isNoIommu).distinct().count() > 1,
                "IOMMU group " + number + " is real for some of its devices and made up by VFIO for others: "
                        + members);
        refuseIf(members.size() > 1 && members.get(0).isNoIommu(),
                "VFIO without IOMMU makes a group for each device, group " + number + " has " + members);
    }
}
