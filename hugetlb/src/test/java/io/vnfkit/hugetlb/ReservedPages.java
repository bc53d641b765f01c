package io.vnfkit.hugetlb;

import io.vnfkit.linux.Host;
import io.vnfkit.unit.PageSize;

/** Huge pages that a test adds to the first node's pool of the machine, and takes away again. */
final class ReservedPages implements AutoCloseable {

    private final HugepagePools pools = HugepagePools.of(Host.thisHost());
    private final Reservation reservation;

    ReservedPages(long pages) {
        int node = pools.pool(PageSize.MIB_2).nodeNumbers().first();
        reservation = pools.reserve(PageSize.MIB_2, node, pages, Compaction.WHEN_SHORT).orThrow();
    }

    int node() {
        return reservation.node();
    }

    @Override
    public void close() {
        pools.release(PageSize.MIB_2, reservation.node(), reservation.change());
    }
}
