package io.vnfkit.examples.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EalWordsTest {

    @Test
    void theFirstDoubleDashPartsTheWords() {
        assertThat(EalWords.part("-l", "1", "--", "--help", "--", "x"))
                .isEqualTo(new EalWords(List.of("-l", "1"), List.of("--help", "--", "x")));
    }

    @Test
    void withoutOneAllWordsAreThoseOfTheProgram() {
        assertThat(EalWords.part("--help")).isEqualTo(new EalWords(List.of(), List.of("--help")));
    }
}
