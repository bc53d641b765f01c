package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.binding.Forwarder.Lcore;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an EAL has for a forwarding core: a description is checked against it.
 *
 * @param nodeByLcore lcores with their NUMA nodes
 * @param memoryByNode hugepage memory that can still be had on each node: free in the EAL's heap, and free pages. In a
 *     VNF, the masked counters make that its own share
 */
public record EalResources(Map<Integer, Integer> nodeByLcore, Map<Integer, Bytes> memoryByNode) {

    private static final String NODES = "/sys/devices/system/node";
    private static final String POOLS = "/sys/kernel/mm/hugepages";

    /** Copies the maps. */
    public EalResources {
        nodeByLcore = Map.copyOf(nodeByLcore);
        memoryByNode = Map.copyOf(memoryByNode);
    }

    static EalResources of(Forwarder forwarder, KernelFiles files) {
        Map<Integer, Integer> nodes = new TreeMap<>();
        List<Lcore> lcores = forwarder.lcores();
        lcores.forEach(lcore -> nodes.put(lcore.lcore(), lcore.node()));
        Map<Integer, Bytes> memory = new TreeMap<>();
        nodes.values().stream().distinct().forEach(node -> memory.put(node,
                Bytes.of(forwarder.heap(node).free()).plus(freePages(files, node))));
        return new EalResources(nodes, memory);
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
