package io.vnfkit.sysfs;

/**
 * Global counters of a huge page size, from /sys/kernel/mm/hugepages/hugepages-SIZEkB. All are numbers of pages.
 *
 * @param total pages in the pool, surplus pages included ({@code nr_hugepages})
 * @param free pages that hold no data; reserved ones included
 * @param reserved free pages that are promised to a mapping
 * @param surplus pages beyond the persistent pool, taken when they were needed
 * @param overcommit the most surplus pages that the kernel may take
 * @see <a href="https://docs.kernel.org/admin-guide/mm/hugetlbpage.html">HugeTLB Pages</a>
 */
public record HugepageCounters(long total, long free, long reserved, long surplus, long overcommit) {

    /**
     * Pages that a new mapping can get without overcommit.
     *
     * @return free pages that are not reserved
     */
    public long available() {
        return Math.max(0, free - reserved);
    }
}
