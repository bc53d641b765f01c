package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdMapTest {

    @Test
    void aRangeIsALineOfTheKernelsFile() {
        assertThat(new IdMap(0, 100000, 65536)).hasToString("0 100000 65536");
        assertThat(new IdMap(0, 0, 4294967295L)).hasToString("0 0 4294967295");
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "0,0,-1", "-1,0,1", "0,-1,1", "4294967295,0,1", "0,4294967295,1", "0,1,4294967295",
            "0,0,4294967296"})
    void rangesThatLeaveTheIdsAreRefused(long inside, long outside, long count) {
        assertThatThrownBy(() -> new IdMap(inside, outside, count)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(inside + " " + outside + " " + count);
    }

    @Test
    void neighboursDoNotOverlap() {
        assertThat(IdMap.faults(List.of(new IdMap(0, 1000, 10), new IdMap(10, 1010, 10)))).isEmpty();
    }

    @Test
    void overlapsInsideAndOutsideAreSaidApart() {
        assertThat(IdMap.faults(List.of(new IdMap(0, 1000, 10), new IdMap(9, 5000, 10)))).singleElement().asString()
                .isEqualTo("ranges \"0 1000 10\" and \"9 5000 10\" overlap inside the namespace");
        assertThat(IdMap.faults(List.of(new IdMap(0, 1000, 10), new IdMap(10, 1009, 1)))).singleElement().asString()
                .contains("overlap outside the namespace");
        assertThat(IdMap.faults(List.of(new IdMap(0, 1000, 10), new IdMap(0, 1000, 10)))).hasSize(2);
    }

    @Test
    void idsAreTranslatedByTheRangeThatHasThem() {
        List<IdMap> maps = List.of(new IdMap(0, 100_000, 10), new IdMap(10, 300_000, 5));

        assertThat(IdMap.outside(maps, 9)).hasValue(100_009);
        assertThat(IdMap.outside(maps, 12)).hasValue(300_002);
        assertThat(IdMap.outside(maps, 15)).isEmpty();
    }

    @Test
    void overlapIsWhatACountOfIdsSays() {
        SplittableRandom random = Seed.random("overlapping id maps");
        for (int i = 0; i < 2000; i++) {
            IdMap first = small(random);
            IdMap second = small(random);
            boolean inside = ids(first.inside(), first.count()).anyMatch(second::mapsInside);
            boolean outside = ids(first.outside(), first.count())
                    .anyMatch(id -> id >= second.outside() && id < second.outside() + second.count());
            assertThat(IdMap.faults(List.of(first, second))).as("%s and %s", first, second)
                    .hasSize((inside ? 1 : 0) + (outside ? 1 : 0));
        }
    }

    private static IdMap small(SplittableRandom random) {
        return new IdMap(random.nextInt(30), random.nextInt(30), 1 + random.nextInt(10));
    }

    private static LongStream ids(long first, long count) {
        return LongStream.range(first, first + count);
    }

    @Test
    void moreLinesThanTheKernelTakesAreAFault() {
        List<IdMap> maps = new ArrayList<>(IntStream.rangeClosed(0, IdMap.MAXIMUM_LINES)
                .mapToObj(i -> new IdMap(i, i, 1)).toList());

        assertThat(IdMap.faults(maps)).singleElement().asString().isEqualTo("341 ranges, the kernel takes 340");
        maps.remove(0);
        assertThat(IdMap.faults(maps)).isEmpty();
    }

    @Test
    void moreTextThanOneWriteTakesIsAFault() {
        List<IdMap> maps = IntStream.range(0, 300).mapToObj(i -> new IdMap(i * 10L, 1_000_000_000L + i * 10L, 10))
                .toList();

        assertThat(IdMap.faults(maps)).singleElement().asString().contains("octets as text, the kernel takes 4095");
    }
}
