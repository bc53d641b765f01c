package io.vnfkit.sysfs;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * NUMA nodes of a host, from /sys/devices/system/node.
 *
 * <p>Immutable and thread-safe; {@link #node} reads sysfs at each call.
 */
public final class NumaTopology {

    static final String ROOT = "/sys/devices/system/node";

    private final SysfsReader sysfs;
    private final Hugepages hugepages;
    private final NodeSet online;
    private final NodeSet withMemory;

    NumaTopology(SysfsReader sysfs, Hugepages hugepages) {
        this.sysfs = sysfs;
        this.hugepages = hugepages;
        this.online = sysfs.nodeSetIfExists(ROOT + "/online");
        this.withMemory = sysfs.nodeSetIfExists(ROOT + "/has_memory");
    }

    /**
     * Nodes that are there.
     *
     * @return the set; empty on a kernel without NUMA
     */
    public NodeSet online() {
        return online;
    }

    /**
     * Nodes that have memory.
     *
     * @return the set; empty on a kernel without NUMA
     */
    public NodeSet withMemory() {
        return withMemory;
    }

    /**
     * CPUs of a node that are online.
     *
     * @param number the node's number
     * @return the set
     * @throws TopologyException if there is no such node
     */
    public CpuSet cpusOf(int number) {
        requireOnline(number);
        return sysfs.cpuSet(directory(number) + "/cpulist");
    }

    /**
     * The nodes that some CPUs belong to.
     *
     * @param cpus the CPUs
     * @return their nodes; empty on a kernel without NUMA
     */
    public NodeSet nodesOf(CpuSet cpus) {
        int[] nodes = online.stream().filter(node -> !cpusOf(node).intersection(cpus).isEmpty()).toArray();
        return NodeSet.of(nodes);
    }

    /**
     * Reads the details of a node.
     *
     * @param number the node's number
     * @return the node
     * @throws TopologyException if there is no such node
     * @throws io.vnfkit.linux.KernelFileException if a file cannot be read
     */
    public NumaNode node(int number) {
        CpuSet cpus = cpusOf(number);
        return new NumaNode(number, cpus, distancesOf(number), memoryTotal(number), countersOf(number));
    }

    List<Integer> distancesOf(int number) {
        String distances = sysfs.files().read(directory(number) + "/distance");
        return Stream.of(distances.strip().split("\\s+")).map(Integer::valueOf).toList();
    }

    private Bytes memoryTotal(int number) {
        String path = directory(number) + "/meminfo";
        return sysfs.files().readLines(path).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 5 && words[2].equals("MemTotal:"))
                .map(words -> Bytes.kibibytes(Long.parseLong(words[3])))
                .findFirst()
                .orElseThrow(() -> new TopologyException(path + " has no line MemTotal"));
    }

    private SortedMap<PageSize, NodeHugepageCounters> countersOf(int number) {
        SortedMap<PageSize, NodeHugepageCounters> counters = new TreeMap<>();
        for (PageSize size : hugepages.sizesOnNode(number)) {
            counters.put(size, hugepages.countersOnNode(number, size));
        }
        return counters;
    }

    private void requireOnline(int number) {
        if (!online.contains(number)) {
            throw new TopologyException("NUMA node " + number + " does not exist; the host has " + online);
        }
    }

    static String directory(int number) {
        return ROOT + "/node" + number;
    }
}
