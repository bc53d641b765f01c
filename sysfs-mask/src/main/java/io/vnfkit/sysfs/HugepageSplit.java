package io.vnfkit.sysfs;

import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides a number of huge pages among NUMA nodes. The limits on a VNF count pages of all nodes together, and the EAL
 * takes what the nodes show for what it can get, so the sum over the nodes must be the grant.
 */
final class HugepageSplit {

    private final SortedMap<Integer, Long> shares = new TreeMap<>();
    private final SortedMap<Integer, Long> free;

    HugepageSplit(SortedMap<Integer, Long> free) {
        this.free = free;
        free.keySet().forEach(node -> shares.put(node, 0L));
    }

    static SortedMap<Integer, Long> of(
            long pages, PageSize size, NodeSet memoryNodes, NodeSet cpuNodes, Hugepages hugepages) {
        SortedMap<Integer, Long> free = new TreeMap<>();
        memoryNodes.stream().forEach(node -> free.put(node, hugepages.freeOnNode(node, size)));
        return new HugepageSplit(free).divide(pages, cpuNodes);
    }

    /**
     * Evenly among the preferred nodes as far as pages are free there, then among the others. What no node has free
     * is spread nevertheless: pages may become free before the launch, and whether there are enough is not a mask's
     * affair.
     */
    SortedMap<Integer, Long> divide(long pages, NodeSet preferred) {
        if (free.isEmpty()) {
            return shares;
        }
        long left = spread(pages, nodesIn(preferred), true);
        left = spread(left, new TreeMap<>(free), true);
        spread(left, new TreeMap<>(free), false);
        return Collections.unmodifiableSortedMap(shares);
    }

    private SortedMap<Integer, Long> nodesIn(NodeSet preferred) {
        SortedMap<Integer, Long> nodes = new TreeMap<>(free);
        nodes.keySet().removeIf(node -> !preferred.contains(node));
        return nodes;
    }

    private long spread(long pages, SortedMap<Integer, Long> nodes, boolean onlyFree) {
        long left = pages;
        while (left > 0) {
            nodes.keySet().removeIf(node -> onlyFree && shares.get(node) >= free.get(node));
            if (nodes.isEmpty()) {
                return left;
            }
            long each = Math.max(1, left / nodes.size());
            for (int node : nodes.keySet()) {
                long room = onlyFree ? free.get(node) - shares.get(node) : Long.MAX_VALUE;
                long taken = Math.min(left, Math.min(each, room));
                shares.merge(node, taken, Long::sum);
                left -= taken;
            }
        }
        return left;
    }
}
