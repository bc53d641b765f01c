package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EalCommandLineTest {

    private static EalCommandLine read(String command) {
        return EalCommandLine.of(List.of(command.split(" ")));
    }

    @Test
    void readsValuesInTheSameWordAndInTheNext() {
        EalCommandLine line = read("testpmd --huge-dir /a --file-prefix=b -m64 -n 4 -v -- --huge-dir /c");
        assertThat(line.options())
                .containsExactly(new EalOption("--huge-dir", "/a"), new EalOption("--file-prefix", "b"),
                new EalOption("-m", "64"), new EalOption("-n", "4"), EalOption.flag("-v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--in-memory", "--in-memor", "--in-mem", "--in"})
    void understandsNamesCutShortAsGetoptDoes(String word) {
        assertThat(read("testpmd -l 1 " + word).has("--in-memory")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--i", "--inmemory", "--in-memory-x", "in-memory", "-in-memory"})
    void doesNotTakeOtherWordsForAnOption(String word) {
        assertThat(read("testpmd " + word).has("--in-memory")).isFalse();
    }

    @Test
    void leavesAmbiguousBeginningsAlone() {
        // --no-h: no-hpet or no-huge; --huge: huge-dir, huge-unlink or huge-worker-stack.
        assertThat(read("testpmd --no-h --huge /x").options()).isEmpty();
    }

    @Test
    void doesNotLookPastTheTwoDashes() {
        assertThat(read("testpmd -l 0 -- --in-memory").has("--in-memory")).isFalse();
    }

    @Test
    void doesNotTakeTheValueOfAnotherOptionForAnOption() {
        assertThat(read("testpmd --vdev --in-memory").has("--in-memory")).isFalse();
    }

    @Test
    void takesNoValueForAnOptionalOneFromTheNextWord() {
        EalCommandLine line = read("testpmd --huge-unlink never");
        assertThat(line.value("--huge-unlink")).contains("");
    }

    @Test
    void theLastValueIsInForce() {
        assertThat(read("testpmd --huge-dir=/a --huge-d /b").value("--huge-dir")).contains("/b");
    }

    @Test
    void knowsTheOtherNamesOfAnOption() {
        EalCommandLine line = read("testpmd --numa-mem 64 --allow 0000:05:00.0");
        assertThat(line.value("--socket-mem")).contains("64");
        assertThat(line.value("-a")).contains("0000:05:00.0");
    }

    @Test
    void commandsWithoutWordsHaveNoOptions() {
        assertThat(EalCommandLine.of(List.of()).options()).isEmpty();
        assertThat(EalCommandLine.of(List.of("--in-memory")).options()).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readsAnyWordsWithoutFailing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "-=ailmnvhtorugedp ,/0\u00e9";
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            StringBuilder word = new StringBuilder(random.nextBoolean() ? "--" : "");
            random.ints(random.nextInt(8), 0, alphabet.length()).forEach(at -> word.append(alphabet.charAt(at)));
            words.add(word.toString());
        }
        assertThat(EalCommandLine.of(words).options()).allSatisfy(
                option -> assertThat(EalGrammar.nameOf(option.option())).isEqualTo(option.option()));
    }
}
