package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugepagePoolsTest {

    private static final PageSize SIZE = PageSize.MIB_2;
    private static final String NODE_1 = "/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages=";

    @TempDir
    private Path root;

    private FakeHugepages twoNodes() {
        return new FakeHugepages(root).pool(SIZE, 30, 22, 4, 2, 16).pool(PageSize.GIB_1, 0, 0, 0, 0, 0)
                .node(0, SIZE, 10, 10, 0).node(1, SIZE, 20, 12, 2);
    }

    private static HugepagePools pools(FakeHugepages fake) {
        return HugepagePools.of(fake.host());
    }

    @Test
    void readsPoolsOfTheHostAndOfItsNodes() {
        HugepagePool pool = pools(twoNodes()).pool(SIZE);
        assertThat(pool).extracting(HugepagePool::total, HugepagePool::free, HugepagePool::reserved,
                HugepagePool::surplus, HugepagePool::overcommit).containsExactly(30L, 22L, 4L, 2L, 16L);
        assertThat(pool.nodes()).containsEntry(0, new NodePool(0, 10, 10, 0))
                .containsEntry(1, new NodePool(1, 20, 12, 2));
    }

    @Test
    void listsPageSizesInAscendingOrder() {
        assertThat(pools(twoNodes()).pageSizes()).containsExactly(SIZE, PageSize.GIB_1);
        assertThat(pools(twoNodes()).all()).containsOnlyKeys(SIZE, PageSize.GIB_1);
    }

    @Test
    void kernelsWithoutHugetlbHaveNoPageSizes() {
        assertThat(pools(new FakeHugepages(root)).pageSizes()).isEmpty();
    }

    @Test
    void hostsWithoutNumaHaveOneNodeWithEverything() {
        FakeHugepages fake = new FakeHugepages(root).pool(SIZE, 8, 6, 0, 0, 0);
        assertThat(pools(fake).pool(SIZE).nodes()).containsOnly(Map.entry(0, new NodePool(0, 8, 6, 0)));
        assertThat(pools(fake).reserve(SIZE, 0, 2).change()).isEqualTo(2);
        assertThat(fake.writes()).containsExactly("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages=10");
    }

    @Test
    void pagesAvailableOnNodesAreFreeThereAndPromisedToNobody() {
        HugepagePool pool = pools(twoNodes()).pool(SIZE);
        assertThat(pool.availableOn(NodeSet.of(0))).isEqualTo(10);
        assertThat(pool.availableOn(NodeSet.empty())).isEqualTo(18);
        assertThat(pool.availableOn(NodeSet.of(7))).isZero();
    }

    @Test
    void reservesRelativeToThePersistentPagesOfANode() {
        FakeHugepages fake = twoNodes();
        assertThat(pools(fake).reserve(SIZE, 1, 6)).isEqualTo(new Reservation(SIZE, 1, 24, 18, 24));
        assertThat(fake.writes()).containsExactly(NODE_1 + "24");
    }

    @Test
    void saysHowManyPagesTheKernelReallyGave() {
        Reservation reservation = pools(twoNodes().givingAtMost(20, 20)).reserve(SIZE, 1, 6);
        assertThat(reservation.change()).isEqualTo(2);
        assertThat(reservation.isComplete()).isFalse();
        assertThatExceptionOfType(HugepageShortageException.class).isThrownBy(reservation::orThrow)
                .withMessageContaining("wanted a pool of 24, had 18, got 20").withMessageContaining("fragmented")
                .withMessageContaining("hugepagesz=2M")
                .satisfies(failure -> assertThat(failure.reservation()).isEqualTo(reservation));
    }

    @Test
    void compactsAndTriesOnceMoreOnlyWhenAskedTo() {
        FakeHugepages fake = twoNodes().givingAtMost(20, 22);
        Reservation reservation = pools(fake).reserve(SIZE, 1, 6, Compaction.WHEN_SHORT);
        assertThat(reservation.after()).isEqualTo(22);
        assertThat(fake.writes()).containsExactly(NODE_1 + "24", "/proc/sys/vm/compact_memory=1", NODE_1 + "24");
    }

    @Test
    void doesNotCompactWhenThereIsEnough() {
        FakeHugepages fake = twoNodes();
        assertThat(pools(fake).reserve(SIZE, 0, 1, Compaction.WHEN_SHORT).orThrow().after()).isEqualTo(11);
        assertThat(fake.writes()).hasSize(1);
    }

    @Test
    void releasesOnlyPagesThatAreFreeAndPromisedToNobody() {
        FakeHugepages fake = new FakeHugepages(root).pool(SIZE, 20, 8, 3, 0, 0).node(0, SIZE, 20, 8, 0);
        Reservation reservation = pools(fake).release(SIZE, 0, 20);
        assertThat(reservation).isEqualTo(new Reservation(SIZE, 0, 0, 20, 15));
        assertThat(reservation.isComplete()).isFalse();
    }

    @Test
    void writesNothingWhereNothingCanBeReleased() {
        FakeHugepages fake = new FakeHugepages(root).pool(SIZE, 5, 0, 0, 0, 0).node(0, SIZE, 5, 0, 0);
        assertThat(pools(fake).release(SIZE, 0, 2).change()).isZero();
        assertThat(fake.writes()).isEmpty();
    }

    @Test
    void resizesInBothDirections() {
        FakeHugepages fake = twoNodes();
        assertThat(pools(fake).resize(SIZE, 0, 12, Compaction.NEVER)).isEqualTo(new Reservation(SIZE, 0, 12, 10, 12));
        assertThat(pools(fake).resize(SIZE, 0, 3, Compaction.NEVER)).isEqualTo(new Reservation(SIZE, 0, 3, 12, 3));
    }

    @Test
    void namesTheSizesThatTheHostHas() {
        assertThatExceptionOfType(UnsupportedPageSizeException.class)
                .isThrownBy(() -> pools(twoNodes()).pool(PageSize.KIB_64))
                .withMessageContaining("64KiB").withMessageContaining("[2MiB, 1GiB]");
    }

    @Test
    void namesTheNodesThatTheHostHas() {
        assertThatExceptionOfType(UnknownNodeException.class).isThrownBy(() -> pools(twoNodes()).reserve(SIZE, 7, 1))
                .withMessageContaining("node 7").withMessageContaining("0-1");
    }

    @Test
    void refusesNegativeCounts() {
        HugepagePools pools = pools(twoNodes());
        assertThatIllegalArgumentException().isThrownBy(() -> pools.reserve(SIZE, 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> pools.release(SIZE, 0, -1));
    }

    @Test
    void refusalsNameTheFileAndTheCure() {
        FakeHugepages fake = twoNodes().refusingWith(Errno.EACCES);
        assertThatExceptionOfType(KernelFileException.class).isThrownBy(() -> pools(fake).reserve(SIZE, 1, 1))
                .withMessageContaining("node1/hugepages/hugepages-2048kB/nr_hugepages").withMessageContaining("EACCES")
                .withMessageContaining("only root");
    }

    @Test
    void giganticPagesThatAreMissingAreToBeReservedAtBoot() {
        Reservation reservation = new Reservation(PageSize.GIB_1, 0, 4, 0, 1);
        assertThatExceptionOfType(HugepageShortageException.class).isThrownBy(reservation::orThrow)
                .withMessageContaining("hugepagesz=1G hugepages=N").withMessageContaining("boot");
    }
}
