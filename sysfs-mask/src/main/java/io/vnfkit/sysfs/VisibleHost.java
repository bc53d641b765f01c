package io.vnfkit.sysfs;

import io.vnfkit.Grant;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a VNF is to see of its host's CPUs, nodes and huge pages. Immutable.
 *
 * @param cpus CPUs that are granted and online
 * @param allCpus whether these are all of the host's
 * @param nodes nodes that show
 * @param allNodes whether these are all of the host's, each with its memory
 * @param memoryNodes the nodes that show with memory
 * @param hugepages pages per size and node; no entry for a size that is not granted, empty where the grant says nothing
 * @param totals pages per size
 */
record VisibleHost(
        CpuSet cpus,
        boolean allCpus,
        NodeSet nodes,
        boolean allNodes,
        NodeSet memoryNodes,
        SortedMap<PageSize, SortedMap<Integer, Long>> hugepages,
        SortedMap<PageSize, Long> totals) {

    static VisibleHost of(Grant grant, HostTopology host) {
        CpuSet online = host.cpus().online();
        NodeSet hostNodes = host.numa().online();
        NodeSet hostMemory = host.numa().withMemory();
        CpuSet cpus = grant.cpus().isEmpty() ? online : grant.cpus().intersection(online);
        NodeSet memory = grant.memoryNodes().isEmpty() ? hostMemory : grant.memoryNodes().intersection(hostMemory);
        NodeSet cpuNodes = host.numa().nodesOf(cpus);
        NodeSet nodes = grant.memoryNodes().isEmpty() ? hostNodes : memory.union(cpuNodes);
        SortedMap<PageSize, SortedMap<Integer, Long>> hugepages = new TreeMap<>();
        SortedMap<PageSize, Long> totals = new TreeMap<>();
        grant.hugepages().forEach((size, amount) -> {
            totals.put(size, amount.inPages(size));
            hugepages.put(size, HugepageSplit.of(amount.inPages(size), size, memory, cpuNodes, host.hugepages()));
        });
        return new VisibleHost(
                cpus,
                cpus.equals(online),
                nodes,
                nodes.equals(hostNodes) && memory.equals(hostMemory),
                memory,
                Collections.unmodifiableSortedMap(hugepages),
                Collections.unmodifiableSortedMap(totals));
    }

    /** Pages of a size on a node; none on a node that is not granted. */
    long pagesOn(int node, PageSize size) {
        return hugepages.getOrDefault(size, Collections.emptySortedMap()).getOrDefault(node, 0L);
    }
}
