package io.vnfkit.hugetlb;

/**
 * The huge pages of one size on one NUMA node, as in {@code /sys/devices/system/node/nodeN/hugepages}.
 *
 * <p>The kernel does not count reserved pages per node: a reservation is a promise of a page from any node that its
 * owner may use.
 *
 * @param node number of the node
 * @param total pages that exist
 * @param free pages that are in no mapping and no file; reserved ones among them
 * @param surplus pages beyond the pool's size, which go when they are freed
 */
public record NodePool(int node, long total, long free, long surplus) {

    /**
     * Pages that stay in the pool when they are freed; the pool's size, in the kernel's words.
     *
     * @return {@link #total} without {@link #surplus}
     */
    public long persistent() {
        return total - surplus;
    }
}
