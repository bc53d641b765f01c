package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CpuSetTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''", "0, 0", "3, 3", "'0,1', 0-1", "0-3, 0-3", "'0-1,2-3', 0-3", "'5,1,3', '1,3,5'", "'1,1,1', 1",
        "'0-3,2-5', 0-5", "2-2, 2", "0-8191, 0-8191"
    })
    void theKernelsListIsReadAndPrintedInItsShortestForm(String text, String printed) {
        assertThat(CpuSet.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "'0,', 2", "',0', 0", "'0,,1', 2", "0-, 2", "-1, 0", "3-1, 0", "'0,9-5', 2", "0--1, 2", "'0, 1', 2", "' 0', 0",
        "'0 ', 1",
        "8192, 0", "0-8192, 2", "99999999999, 0", "a, 0", "0-3:1/2, 3", "0x1, 1", "1-2-3, 3", "01, 0", "all, 0"
    })
    void everythingElseIsRefusedWithThePosition(String text, int position) {
        assertThatThrownBy(() -> CpuSet.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isEqualTo(position))
                .hasMessageContaining("CPU list");
    }

    @Test
    void theNewlineOfAFileOfTheKernelIsNotPartOfTheList() {
        assertThatThrownBy(() -> CpuSet.parse("0-3\n")).hasMessageContaining("0-3\\u000a")
                .hasMessageContaining("position 3");
    }

    @Test
    void numbersOutOfRangeCannotBeMembers() {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.of(-1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.of(0, CpuSet.MAXIMUM + 1))
                .withMessageContaining("8192");
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.range(0, Integer.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.range(-2, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.range(3, 2)).withMessageContaining("backwards");
        assertThat(CpuSet.range(3, 3)).isEqualTo(CpuSet.of(3));
    }

    @Test
    void theEmptySetHasNoFirstAndNoLast() {
        assertThat(CpuSet.empty().isEmpty()).isTrue();
        assertThat(CpuSet.of()).isEqualTo(CpuSet.empty());
        assertThat(CpuSet.empty().size()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> CpuSet.empty().first());
        assertThatIllegalStateException().isThrownBy(() -> CpuSet.empty().last());
    }

    @Test
    void membersAreFound() {
        CpuSet set = CpuSet.parse("2-5,8");

        assertThat(set.contains(4)).isTrue();
        assertThat(set.contains(6)).isFalse();
        assertThat(set.contains(-1)).isFalse();
        assertThat(set.contains(Integer.MAX_VALUE)).isFalse();
        assertThat(set.first()).isEqualTo(2);
        assertThat(set.last()).isEqualTo(8);
        assertThat(set.size()).isEqualTo(5);
        assertThat(set.stream().toArray()).containsExactly(2, 3, 4, 5, 8);
        assertThat(set.containsAll(CpuSet.parse("3,8"))).isTrue();
        assertThat(set.containsAll(CpuSet.parse("3,9"))).isFalse();
        assertThat(set.containsAll(CpuSet.empty())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1, 0", "'', 8, 00", "0, 1, 1", "0-3, 4, f", "0, 32, 00000001", "31, 32, 80000000", "32, 33, '1,00000000'",
        "'0,63', 64, '80000000,00000001'", "0-143, 144, 'ffff,ffffffff,ffffffff,ffffffff,ffffffff'", "1, 2, 2",
        "4, 5, 10"
    })
    void theMaskIsWrittenAsTheKernelWritesIt(String list, int width, String mask) {
        assertThat(CpuSet.parse(list).toMask(width)).isEqualTo(mask);
    }

    @Test
    void aMaskThatWouldLoseMembersIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.of(4).toMask(4)).withMessageContaining("4 bits");
        assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.empty().toMask(0));
    }

    @Test
    void listAndMaskOfThisMachineAgree() throws IOException {
        Path node = Path.of("/sys/devices/system/node/node0");
        // Only a kernel with NUMA support has the directory; the CPU topology has the same pair of files everywhere.
        Path directory = Files.exists(node) ? node : Path.of("/sys/devices/system/cpu/cpu0/topology");
        String list = Files.readString(directory.resolve(directory.equals(node) ? "cpulist" : "core_siblings_list"))
                .strip();
        String mask = Files.readString(directory.resolve(directory.equals(node) ? "cpumap" : "core_siblings")).strip();
        int words = mask.split(",").length;
        int width = (words - 1) * 32 + 4 * mask.split(",")[0].length();

        assertThat(CpuSet.parse(list).toMask(width)).isEqualTo(mask);
    }

    static IntStream rounds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void setOperationsAreThoseOfMathematics(int round) {
        SplittableRandom random = Seed.random("CpuSet operations " + round);
        TreeSet<Integer> left = members(random);
        TreeSet<Integer> right = members(random);
        TreeSet<Integer> and = new TreeSet<>(left);
        and.retainAll(right);
        TreeSet<Integer> or = new TreeSet<>(left);
        or.addAll(right);
        TreeSet<Integer> without = new TreeSet<>(left);
        without.removeAll(right);

        assertThat(set(left).intersection(set(right))).as(Seed.hint()).isEqualTo(set(and));
        assertThat(set(left).union(set(right))).as(Seed.hint()).isEqualTo(set(or));
        assertThat(set(left).minus(set(right))).as(Seed.hint()).isEqualTo(set(without));
        assertThat(set(left).containsAll(set(right))).as(Seed.hint()).isEqualTo(left.containsAll(right));
    }

    private static TreeSet<Integer> members(SplittableRandom random) {
        int bound = 1 + random.nextInt(100);
        return random.ints(random.nextInt(30), 0, bound).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static CpuSet set(TreeSet<Integer> members) {
        return CpuSet.of(members.stream().mapToInt(Integer::intValue).toArray());
    }
}
