package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.NodeSet;
import java.util.List;

/**
 * What the cpuset controller takes: version 1 refuses what is not in the parent's set, version 2 takes it and shows the
 * intersection in {@code effective}.
 */
final class CpusetRules {

    private static final List<String> PARTITIONS = List.of("member", "root", "isolated");

    private final FakeMachine machine;

    CpusetRules(FakeMachine machine) {
        this.machine = machine;
    }

    void write(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        switch (file.name()) {
            case "cpuset.cpus" -> writeCpus(file, hierarchy, value);
            case "cpuset.mems" -> writeNodes(file, hierarchy, value);
            case "cpuset.cpus.partition" -> writePartition(file, value);
            case "cpuset.cpus.exclusive" -> file.set(cpus(file, value));
            default -> writeFlag(file, value);
        }
    }

    private void writeCpus(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        CpuSet cpus = cpus(file, value);
        if (hierarchy.unified()) {
            CpuSet above = CpuSet.parse(file.sibling("cpuset.cpus.effective").inParent(hierarchy).content());
            CpuSet effective = cpus.intersection(above);
            file.sibling("cpuset.cpus.effective").set(effective.isEmpty() ? above : effective);
        } else {
            if (!CpuSet.parse(file.inParent(hierarchy).content()).containsAll(cpus)) {
                throw file.refuse(Errno.EACCES, value, "not a subset of the parent's");
            }
            requireNotEmptied(file, cpus.isEmpty(), value);
            file.sibling("cpuset.effective_cpus").set(cpus);
        }
        file.set(cpus);
    }

    private void writeNodes(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        NodeSet nodes = nodes(file, value);
        if (hierarchy.unified()) {
            NodeSet above = NodeSet.parse(file.sibling("cpuset.mems.effective").inParent(hierarchy).content());
            NodeSet effective = nodes.intersection(above);
            file.sibling("cpuset.mems.effective").set(effective.isEmpty() ? above : effective);
        } else {
            if (!NodeSet.parse(file.inParent(hierarchy).content()).containsAll(nodes)) {
                throw file.refuse(Errno.EACCES, value, "not a subset of the parent's");
            }
            requireNotEmptied(file, nodes.isEmpty(), value);
            file.sibling("cpuset.effective_mems").set(nodes);
        }
        file.set(nodes);
    }

    private static void requireNotEmptied(CgroupFile file, boolean isEmpty, String value) {
        if (isEmpty && !file.sibling("tasks").content().isEmpty()) {
            throw file.refuse(Errno.ENOSPC, value, "the group has processes");
        }
    }

    private CpuSet cpus(CgroupFile file, String value) {
        try {
            CpuSet cpus = CpuSet.parse(value);
            if (machine.online().containsAll(cpus)) {
                return cpus;
            }
        } catch (InvalidValueException failure) {
            throw file.refuse(Errno.EINVAL, value, failure.getMessage());
        }
        throw file.refuse(Errno.EINVAL, value, "the host has the CPUs " + machine.online());
    }

    private NodeSet nodes(CgroupFile file, String value) {
        try {
            NodeSet nodes = NodeSet.parse(value);
            if (machine.nodesWithMemory().containsAll(nodes)) {
                return nodes;
            }
        } catch (InvalidValueException failure) {
            throw file.refuse(Errno.EINVAL, value, failure.getMessage());
        }
        throw file.refuse(Errno.EINVAL, value, "the host has memory on the nodes " + machine.nodesWithMemory());
    }

    /** As the kernel does: a partition that cannot be is taken, and reading back tells why it is invalid. */
    private static void writePartition(CgroupFile file, String value) {
        if (!PARTITIONS.contains(value)) {
            throw file.refuse(Errno.EINVAL, value, "one of " + PARTITIONS);
        }
        boolean isValid = value.equals("member") || !file.sibling("cpuset.cpus").content().isEmpty();
        file.set(isValid ? value : value + " invalid (cpuset.cpus and cpuset.cpus.exclusive are empty)");
    }

    private static void writeFlag(CgroupFile file, String value) {
        try {
            Long.parseLong(value);
        } catch (NumberFormatException failure) {
            throw file.refuse(Errno.EINVAL, value, "not a number");
        }
        file.set(value);
    }
}
