package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.NodeSet;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HugepageSplitTest {

    private static SortedMap<Integer, Long> divide(Map<Integer, Long> free, long pages, NodeSet preferred) {
        return new HugepageSplit(new TreeMap<>(free)).divide(pages, preferred);
    }

    @Test
    void dividesEvenlyAmongNodesOfGrantedCpus() {
        assertThat(divide(Map.of(0, 100L, 1, 100L), 64, NodeSet.of(0, 1))).containsExactlyEntriesOf(
                new TreeMap<>(Map.of(0, 32L, 1, 32L)));
    }

    @Test
    void fillsNodesOfGrantedCpusFirst() {
        assertThat(divide(Map.of(0, 100L, 1, 100L), 64, NodeSet.of(1))).containsEntry(0, 0L).containsEntry(1, 64L);
    }

    @Test
    void takesTheRestFromOtherNodes() {
        assertThat(divide(Map.of(0, 100L, 1, 40L, 2, 100L), 64, NodeSet.of(1)))
                .containsEntry(1, 40L).containsEntry(0, 12L).containsEntry(2, 12L);
    }

    @Test
    void movesWhatANodeLacksToTheOthers() {
        assertThat(divide(Map.of(0, 10L, 1, 100L), 64, NodeSet.of(0, 1))).containsEntry(0, 10L).containsEntry(1, 54L);
    }

    @Test
    void showsTheGrantEvenWherePagesAreNotFreeYet() {
        assertThat(divide(Map.of(0, 10L, 1, 10L), 31, NodeSet.empty())).containsEntry(0, 16L).containsEntry(1, 15L);
    }

    @Test
    void hasNoSharesWithoutNodes() {
        assertThat(divide(Map.of(), 31, NodeSet.empty())).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void addsUpToTheGrantAndOverdrawsNoNodeWhileAnotherHasPages(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Long> free = new TreeMap<>();
        for (int node = random.nextInt(1, 9); node > 0; node--) {
            free.put(node, random.nextLong(50));
        }
        long pages = random.nextLong(300);
        NodeSet preferred = NodeSet.of(random.ints(3, 0, 9).toArray());

        SortedMap<Integer, Long> shares = divide(free, pages, preferred);

        assertThat(shares.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(pages);
        if (pages <= free.values().stream().mapToLong(Long::longValue).sum()) {
            assertThat(shares).allSatisfy((node, share) -> assertThat(share).isBetween(0L, free.get(node)));
        }
    }
}
