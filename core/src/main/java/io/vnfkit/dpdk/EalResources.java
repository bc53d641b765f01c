package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.binding.Forwarder.Lcore;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an EAL has for a forwarding core: a description is checked against it.
 *
 * @param nodeByLcore lcores with their NUMA nodes
 * @param memoryByNode hugepage memory that can still be had on each node: free in the EAL's heap, and free pages where
 *     the process may take them. In a VNF, the masked counters make that its own share
 * @param memoryNodes nodes that the process may take memory of: what {@code cpuset.mems} leaves of the machine's
 */
public record EalResources(
        Map<Integer, Integer> nodeByLcore, Map<Integer, Bytes> memoryByNode, NodeSet memoryNodes) {

    private static final String NODES = "/sys/devices/system/node";
    /** Of the thread that asks: it is the one that will touch the pages, and a cpuset is a thread's own. */
    private static final String STATUS = "/proc/thread-self/status";
    private static final String ALLOWED = "Mems_allowed_list:";
    private static final String POOLS = "/sys/kernel/mm/hugepages";

    /** Copies the maps. */
    public EalResources {
        nodeByLcore = Map.copyOf(nodeByLcore);
        memoryByNode = Map.copyOf(memoryByNode);
        Objects.requireNonNull(memoryNodes, "memoryNodes");
    }

    /**
     * Resources of a process that may take memory of every node.
     *
     * @param nodeByLcore lcores with their NUMA nodes
     * @param memoryByNode hugepage memory that can still be had on each node
     */
    public EalResources(Map<Integer, Integer> nodeByLcore, Map<Integer, Bytes> memoryByNode) {
        this(nodeByLcore, memoryByNode, NodeSet.range(0, NodeSet.MAXIMUM));
    }

    static EalResources of(Forwarder forwarder, KernelFiles files) {
        Map<Integer, Integer> nodes = new TreeMap<>();
        List<Lcore> lcores = forwarder.lcores();
        lcores.forEach(lcore -> nodes.put(lcore.lcore(), lcore.node()));
        NodeSet allowed = memoryNodes(files);
        Map<Integer, Bytes> memory = new TreeMap<>();
        nodes.values().stream().distinct().forEach(node -> memory.put(node, Bytes.of(forwarder.heap(node).free())
                .plus(allowed.contains(node) ? freePages(files, node) : Bytes.ZERO)));
        return new EalResources(nodes, memory, allowed);
    }

    /** All nodes where the kernel does not say: one without cpusets. */
    private static NodeSet memoryNodes(KernelFiles files) {
        return files.readIfExists(STATUS).stream().flatMap(String::lines).filter(line -> line.startsWith(ALLOWED))
                .map(line -> NodeSet.parse(line.substring(ALLOWED.length()).strip())).findFirst()
                .orElseGet(() -> NodeSet.range(0, NodeSet.MAXIMUM));
    }

    static Bytes freePages(KernelFiles files, int node) {
        String ofNode = NODES + "/node" + node + "/hugepages";
        // A kernel without NUMA has only the global counters.
        String directory = files.listIfExists(ofNode).isEmpty() ? POOLS : ofNode;
        Bytes sum = Bytes.ZERO;
        for (String pool : files.listIfExists(directory)) {
            long free = files.readIfExists(directory + "/" + pool + "/free_hugepages")
                    .map(text -> Long.parseLong(text.strip())).orElse(0L);
            sum = sum.plus(Bytes.of(free * pageBytes(pool)));
        }
        return sum;
    }

    private static long pageBytes(String pool) {
        String digits = pool.replaceAll("\\D", "");
        return Bytes.kibibytes(Long.parseLong(digits)).value();
    }
}
