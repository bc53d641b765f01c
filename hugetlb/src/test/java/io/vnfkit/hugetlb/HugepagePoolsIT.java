package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pools of the real kernel. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class HugepagePoolsIT {

    private static final PageSize SIZE = PageSize.MIB_2;

    private final HugepagePools pools = HugepagePools.of(Host.thisHost());

    @Test
    void theKernelGivesPagesToANodeAndTakesThemBack() {
        HugepagePool before = pools.pool(SIZE);
        int node = before.nodeNumbers().first();

        Reservation reserved = pools.reserve(SIZE, node, 4).orThrow();
        try {
            assertThat(reserved.change()).isEqualTo(4);
            assertThat(pools.pool(SIZE).nodes().get(node).total()).isEqualTo(before.nodes().get(node).total() + 4);
            assertThat(pools.pool(SIZE).total()).isEqualTo(before.total() + 4);
        } finally {
            assertThat(pools.release(SIZE, node, 4).change()).isEqualTo(-4);
        }
        assertThat(pools.pool(SIZE)).isEqualTo(before);
    }

    @Test
    void pagesPromisedToAMountAreNotTakenAway(@TempDir Path directory) {
        try (ReservedPages pages = new ReservedPages(4)) {
            long all = pools.pool(SIZE).unreserved();
            try (Mounted mounted = Mounted.with(directory, "pagesize=2M,min_size=" + all * SIZE.bytes())) {
                HugepagePool before = pools.pool(SIZE);
                assertThat(mounted.path()).isEqualTo(directory);
                assertThat(before.unreserved()).isZero();

                Reservation released = pools.release(SIZE, pages.node(), 2);

                assertThat(released.change()).isZero();
                assertThat(pools.pool(SIZE)).isEqualTo(before);
            }
        }
    }

    @Test
    void compactionIsAcceptedByTheKernel() {
        Host.thisHost().files().write("/proc/sys/vm/compact_memory", "1");
        try (ReservedPages pages = new ReservedPages(1)) {
            assertThat(pools.pool(SIZE).nodes().get(pages.node()).free()).isPositive();
        }
    }
}
