package io.vnfkit.hugetlb;

import io.vnfkit.linux.Host;
import io.vnfkit.testing.Needs;
import io.vnfkit.unit.PageSize;

/** Huge pages that a test adds to the first node's pool of the machine, and takes away again. */
final class ReservedPages implements AutoCloseable {

    private final HugepagePools pools = HugepagePools.of(Host.thisHost());
    private final NodePool before;
    private final Reservation reservation;

    /** Pages of 2 MiB, which every machine has. */
    ReservedPages(long pages) {
        this(PageSize.MIB_2, pages);
        if (!reservation.isComplete()) {
            close();
        }
        reservation.orThrow();
    }

    private ReservedPages(PageSize pageSize, long pages) {
        HugepagePool pool = pools.pool(pageSize);
        int node = pool.nodeNumbers().first();
        before = pool.nodes().get(node);
        reservation = pools.reserve(pageSize, node, pages, Compaction.WHEN_SHORT);
    }

    /** One page of 1 GiB. Leaves the test out where the processor has none or the memory is in pieces. */
    static ReservedPages oneOfOneGibibyte() {
        HugepagePools pools = HugepagePools.of(Host.thisHost());
        Needs.thing(pools.pageSizes().contains(PageSize.GIB_1), "hugepages of 1GiB", "a processor with pdpe1gb");
        ReservedPages page = new ReservedPages(PageSize.GIB_1, 1);
        Needs.thing(page.reservation.isComplete(), "free hugepage of 1GiB",
                "memory is fragmented: boot with hugepagesz=1G hugepages=1");
        return page;
    }

    int node() {
        return reservation.node();
    }

    /** The node's pool without these pages. */
    NodePool before() {
        return before;
    }

    /** The node's pool as it is. */
    NodePool now() {
        return pools.pool(reservation.pageSize()).nodes().get(reservation.node());
    }

    @Override
    public void close() {
        pools.release(reservation.pageSize(), reservation.node(), reservation.change());
    }
}
