package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HugepageBudgetTest {

    private static final PageSize SIZE = PageSize.MIB_2;
    private static final Path MOUNT = Path.of("/mnt/huge");

    @TempDir
    private Path root;

    private static HugepageFacts free(long node0, long node1, long unreserved) {
        return new HugepageFacts(SIZE, OptionalLong.empty(), 0, HugetlbLimits.NONE, Optional.empty(),
                new TreeMap<>(Map.of(0, node0, 1, node1)), unreserved);
    }

    private static HugetlbLimits limits(long faultMebibytes, long reservationMebibytes) {
        return new HugetlbLimits(Optional.of(Bytes.mebibytes(faultMebibytes)),
                Optional.of(Bytes.mebibytes(reservationMebibytes)));
    }

    @Test
    void freePagesOnTheNodesBind() {
        HugepageBudget budget = HugepageBudget.of(free(10, 20, 100));
        assertThat(budget.pages()).isEqualTo(30);
        assertThat(budget.boundBy()).isEqualTo(Limit.FREE_PAGES);
        assertThat(budget.amount()).isEqualTo(Bytes.mebibytes(60));
        assertThat(budget.describe())
                .isEqualTo("30 pages of 2MiB (60MiB), bound by the free pages on the granted NUMA nodes");
    }

    @Test
    void reservationsOfOthersBind() {
        assertThat(HugepageBudget.of(free(10, 20, 12))).extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                .containsExactly(12L, Limit.RESERVED_BY_OTHERS);
    }

    @Test
    void pagesThatTheMountHoldsInReserveAreItsUsers() {
        assertThat(HugepageBudget.of(free(10, 20, 12).atMount(OptionalLong.of(16), 3)).pages()).isEqualTo(15);
    }

    @Test
    void theSizeOfTheMountBinds() {
        HugepageBudget budget = HugepageBudget.of(free(10, 20, 30).atMount(OptionalLong.of(16), 0));
        assertThat(budget.boundBy()).isEqualTo(Limit.MOUNT_SIZE);
        assertThat(budget.nodes()).containsEntry(0, new NodeBudget(0, 10, Limit.FREE_PAGES))
                .containsEntry(1, new NodeBudget(1, 16, Limit.MOUNT_SIZE));
    }

    @Test
    void theGrantBinds() {
        assertThat(HugepageBudget.of(free(10, 20, 30).granted(Optional.of(Bytes.mebibytes(9)))))
                .extracting(HugepageBudget::pages, HugepageBudget::boundBy).containsExactly(4L, Limit.GRANT);
    }

    @Test
    void theLowerLimitOfTheControlGroupBinds() {
        assertThat(HugepageBudget.of(free(10, 20, 30).under(limits(10, 12))))
                .extracting(HugepageBudget::pages, HugepageBudget::boundBy).containsExactly(5L, Limit.CGROUP_FAULT);
        assertThat(HugepageBudget.of(free(10, 20, 30).under(limits(12, 10))).boundBy())
                .isEqualTo(Limit.CGROUP_RESERVATION);
    }

    @Test
    void amongEqualLimitsTheOneWithTheCleanestFailureIsNamed() {
        HugepageFacts facts = free(10, 10, 20).atMount(OptionalLong.of(8), 0).under(limits(16, 16))
                .granted(Optional.of(Bytes.mebibytes(16)));
        assertThat(HugepageBudget.of(facts).boundBy()).isEqualTo(Limit.MOUNT_SIZE);
    }

    @Test
    void thePoorNodeGivesWhatItHasAndTheRichOneTheRest() {
        assertThat(HugepageBudget.of(free(3, 20, 30).atMount(OptionalLong.of(16), 0)).shares())
                .isEqualTo(new TreeMap<>(Map.of(0, 3L, 1, 13L)));
        assertThat(HugepageBudget.of(free(20, 20, 30).atMount(OptionalLong.of(15), 0)).shares())
                .isEqualTo(new TreeMap<>(Map.of(0, 7L, 1, 8L)));
    }

    @Test
    void nodesThatDoNotExistGiveNothing() {
        HugepagePool pool = HugepagePools.of(new FakeHugepages(root).pool(SIZE, 8, 8, 0, 0, 0).host()).pool(SIZE);
        HugepageBudget budget = HugepageBudget.of(HugepageFacts.of(pool, NodeSet.of(3)));
        assertThat(budget.pages()).isZero();
        assertThat(budget.shares()).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sharesAddUpAndNoNodeGivesMoreThanItHas(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SortedMap<Integer, Long> free = new TreeMap<>();
        for (int node = 0; node < 1 + random.nextInt(8); node++) {
            free.put(random.nextInt(16), (long) random.nextInt(50));
        }
        HugepageBudget budget = HugepageBudget.of(new HugepageFacts(SIZE, OptionalLong.of(random.nextInt(200)), 0,
                HugetlbLimits.NONE, Optional.empty(), free, random.nextInt(400)));
        assertThat(budget.shares().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(budget.pages());
        assertThat(budget.shares()).allSatisfy((node, pages) -> assertThat(pages).isBetween(0L, free.get(node)));
        assertThat(budget.nodes().values()).allSatisfy(
                node -> assertThat(node.pages()).isEqualTo(Math.min(budget.pages(), free.get(node.node()))));
    }

    private FakeHugepages mounted(long blocks, long freeBlocks, String options) {
        return new FakeHugepages(root).pool(SIZE, 100, 90, 30, 0, 0).node(0, SIZE, 100, 90, 0)
                .statfs(MOUNT, new FileSystemStatus(LinuxConstants.HUGETLBFS_MAGIC, SIZE.bytes(), blocks, freeBlocks,
                freeBlocks))
                .file("proc/self/mounts", "/dev/root / ext4 rw 0 0\nnone /mnt/huge hugetlbfs rw,relatime," + options
                + " 0 0\n");
    }

    @Test
    void looksAtTheFreeBlocksOfAMount() {
        FakeHugepages fake = mounted(32, 20, "pagesize=2M,size=67108864");
        assertThat(HugepageBudget.ofMount(fake.host(), MOUNT, HugetlbLimits.NONE, NodeSet.empty()))
                .extracting(HugepageBudget::pages, HugepageBudget::boundBy).containsExactly(20L, Limit.MOUNT_SIZE);
    }

    @Test
    void mountsWithoutSizeDoNotBind() {
        FakeHugepages fake = mounted(0, 0, "pagesize=2M");
        assertThat(HugepageBudget.ofMount(fake.host(), MOUNT, HugetlbLimits.NONE, NodeSet.of(0)))
                .extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                .containsExactly(60L, Limit.RESERVED_BY_OTHERS);
    }

    @Test
    void countsWhatIsLeftOfTheReserveOfTheMount() {
        FakeHugepages fake = mounted(80, 75, "pagesize=2M,size=167772160,min_size=20971520");
        assertThat(HugepageBudget.ofMount(fake.host(), MOUNT, HugetlbLimits.NONE, NodeSet.empty()).pages())
                .isEqualTo(65);
    }

    @Test
    void refusesPathsOnOtherFileSystems() {
        FakeHugepages fake = new FakeHugepages(root)
                .statfs(MOUNT, new FileSystemStatus(LinuxConstants.TMPFS_MAGIC, 4096, 1, 1, 1));
        assertThatExceptionOfType(NotHugetlbfsException.class)
                .isThrownBy(() -> HugepageBudget.ofMount(fake.host(), MOUNT, HugetlbLimits.NONE, NodeSet.empty()))
                .withMessageContaining("/mnt/huge").withMessageContaining("0x1021994");
    }
}
