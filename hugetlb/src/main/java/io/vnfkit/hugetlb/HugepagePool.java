package io.vnfkit.hugetlb;

import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The huge pages of one size on a host, as in {@code /sys/kernel/mm/hugepages}. A snapshot: the files are read one
 * after the other while the pool is in use.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pageSize size of a page
 * @param total pages that exist
 * @param free pages that are in no mapping and no file; reserved ones among them
 * @param reserved pages promised to mappings and to mounts with {@code min_size}, and not yet touched
 * @param surplus pages beyond the pool's size
 * @param overcommit how many surplus pages the kernel may make
 * @param nodes the pool of each NUMA node; where the kernel knows no nodes, node 0 has everything
 * @see <a href="https://docs.kernel.org/admin-guide/mm/hugetlbpage.html">HugeTLB Pages</a>
 */
public record HugepagePool(PageSize pageSize, long total, long free, long reserved, long surplus, long overcommit,
        SortedMap<Integer, NodePool> nodes) {

    /** Copies the nodes. */
    public HugepagePool {
        Objects.requireNonNull(pageSize, "pageSize");
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /**
     * All nodes that have such a pool.
     *
     * @return their numbers
     */
    public NodeSet nodeNumbers() {
        return NodeSet.of(nodes.keySet().stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Pages that are free and promised to nobody.
     *
     * @return {@link #free} without {@link #reserved}
     */
    public long unreserved() {
        return Math.max(0, free - reserved);
    }

    /**
     * Free pages on some nodes, reserved ones among them.
     *
     * @param wanted the nodes; empty means all
     * @return number of pages
     */
    public long freeOn(NodeSet wanted) {
        return nodes.values().stream().filter(pool -> wanted.isEmpty() || wanted.contains(pool.node()))
                .mapToLong(NodePool::free).sum();
    }

    /**
     * Pages that a process confined to some nodes can reserve now. This is what the kernel checks at mmap(2): no more
     * than is free on the nodes, and no more than is promised to nobody. Surplus pages that the kernel might make are
     * not counted.
     *
     * @param wanted the nodes; empty means all
     * @return number of pages
     */
    public long availableOn(NodeSet wanted) {
        return Math.min(freeOn(wanted), unreserved());
    }
}
