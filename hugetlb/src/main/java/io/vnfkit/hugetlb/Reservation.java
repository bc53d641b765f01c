package io.vnfkit.hugetlb;

import io.vnfkit.unit.PageSize;
import java.util.Objects;

/**
 * What became of a request to change a pool. Counts are persistent pages of the node: pages that exist, less surplus
 * ones.
 *
 * @param pageSize size of a page
 * @param node number of the NUMA node
 * @param requested how many pages the pool should have
 * @param before how many it had
 * @param after how many it has, as the kernel said after the last write
 */
public record Reservation(PageSize pageSize, int node, long requested, long before, long after) {

    /** Checks that no part is missing. */
    public Reservation {
        Objects.requireNonNull(pageSize, "pageSize");
    }

    /**
     * Pages that the pool gained.
     *
     * @return negative where it lost some
     */
    public long change() {
        return after - before;
    }

    /**
     * Tells whether the kernel did all of it.
     *
     * @return true if the pool has the size that was requested
     */
    public boolean isComplete() {
        return after == requested;
    }

    /**
     * Insists on it.
     *
     * @return this reservation, if it is complete
     * @throws HugepageShortageException with the likely cure, if the pool is smaller than requested
     */
    public Reservation orThrow() {
        if (after < requested) {
            throw new HugepageShortageException(this);
        }
        return this;
    }
}
