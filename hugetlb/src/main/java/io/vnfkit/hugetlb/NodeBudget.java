package io.vnfkit.hugetlb;

import java.util.Objects;

/**
 * How many huge pages a process can get from one NUMA node, if it takes none from the others.
 *
 * @param node number of the node
 * @param pages number of pages
 * @param boundBy what keeps it from getting more
 */
public record NodeBudget(int node, long pages, Limit boundBy) {

    /** Checks that no part is missing. */
    public NodeBudget {
        Objects.requireNonNull(boundBy, "boundBy");
    }
}
