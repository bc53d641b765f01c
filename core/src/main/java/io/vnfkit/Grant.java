package io.vnfkit;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a VNF was given of its host. The description's parts put it together; masks, device rules and EAL arguments follow from
 * it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param cpus CPUs it may run on; empty where the description does not say, which means all of the host's
 * @param memoryNodes NUMA nodes its memory may come from; empty where the description does not say
 * @param hugepages hugepage memory per page size
 * @param pciDevices PCI devices it may use
 */
public record Grant(
        CpuSet cpus, NodeSet memoryNodes, SortedMap<PageSize, Bytes> hugepages, List<PciAddress> pciDevices) {

    /** Nothing granted. */
    public static final Grant NONE = new Grant(CpuSet.empty(), NodeSet.empty(), new TreeMap<>(), List.of());

    /** Copies the collections. */
    public Grant {
        Objects.requireNonNull(cpus, "cpus");
        Objects.requireNonNull(memoryNodes, "memoryNodes");
        hugepages = Collections.unmodifiableSortedMap(new TreeMap<>(hugepages));
        pciDevices = List.copyOf(pciDevices);
    }

    /**
     * The same grant with other CPUs.
     *
     * @param granted the CPUs
     * @return the new grant
     */
    public Grant withCpus(CpuSet granted) {
        return new Grant(granted, memoryNodes, hugepages, pciDevices);
    }

    /**
     * The same grant with other memory nodes.
     *
     * @param granted the nodes
     * @return the new grant
     */
    public Grant withMemoryNodes(NodeSet granted) {
        return new Grant(cpus, granted, hugepages, pciDevices);
    }

    /**
     * The same grant with an amount of hugepage memory, or with less of it where a smaller amount is granted already: every
     * limit on the way to a page counts, and the lowest decides.
     *
     * @param pageSize the page size
     * @param amount the amount
     * @return the new grant
     */
    public Grant withHugepages(PageSize pageSize, Bytes amount) {
        TreeMap<PageSize, Bytes> merged = new TreeMap<>(hugepages);
        merged.merge(pageSize, amount, Bytes::min);
        return new Grant(cpus, memoryNodes, merged, pciDevices);
    }

    /**
     * The same grant with a further PCI device.
     *
     * @param device its address
     * @return the new grant
     */
    public Grant withPciDevice(PciAddress device) {
        if (pciDevices.contains(device)) {
            return this;
        }
        List<PciAddress> devices = new java.util.ArrayList<>(pciDevices);
        devices.add(device);
        Collections.sort(devices);
        return new Grant(cpus, memoryNodes, hugepages, devices);
    }
}
