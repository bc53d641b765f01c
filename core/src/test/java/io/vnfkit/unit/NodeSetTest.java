package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSetTest {

    @ParameterizedTest
    @CsvSource({"'', ''", "0, 0", "'0,1', 0-1", "'1023,0', '0,1023'"})
    void theKernelsListIsReadAndPrintedInItsShortestForm(String text, String printed) {
        assertThat(NodeSet.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({"1024, 0", "'0,', 2", "1-0, 0", "N0, 0"})
    void everythingElseIsRefusedWithThePosition(String text, int position) {
        assertThatThrownBy(() -> NodeSet.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isEqualTo(position))
                .hasMessageContaining("NUMA node list");
    }

    @Test
    void numbersOutOfRangeCannotBeMembers() {
        assertThatIllegalArgumentException().isThrownBy(() -> NodeSet.of(-1)).withMessageContaining("NUMA node -1");
        assertThatIllegalArgumentException().isThrownBy(() -> NodeSet.range(0, 1024));
        assertThatIllegalArgumentException().isThrownBy(() -> NodeSet.range(1, 0));
        assertThatIllegalStateException().isThrownBy(() -> NodeSet.empty().first());
        assertThatIllegalStateException().isThrownBy(() -> NodeSet.empty().last());
    }

    @Test
    void nodesAreCountedAndCombined() {
        NodeSet set = NodeSet.parse("0-1,3");

        assertThat(set.size()).isEqualTo(3);
        assertThat(set.first()).isZero();
        assertThat(set.last()).isEqualTo(3);
        assertThat(set.contains(3)).isTrue();
        assertThat(set.contains(-1)).isFalse();
        assertThat(set.stream().sum()).isEqualTo(4);
        assertThat(set.intersection(NodeSet.range(1, 2))).isEqualTo(NodeSet.of(1));
        assertThat(set.union(NodeSet.of(2))).isEqualTo(NodeSet.range(0, 3));
        assertThat(set.minus(NodeSet.of(0, 1))).isEqualTo(NodeSet.of(3));
        assertThat(set.containsAll(NodeSet.empty())).isTrue();
        assertThat(set.toMask(8)).isEqualTo("0b");
        assertThat(set).isNotEqualTo(CpuSet.parse("0-1,3")).hasSameHashCodeAs(NodeSet.of(0, 1, 3));
    }
}
