package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidValueExceptionTest {

    @Test
    void theMessageSaysWhatTheTextShouldHaveBeenAndWhereItIsWrong() {
        assertThat(new InvalidValueException("CPU list", "0-x", 2, "expected a decimal number"))
                .hasMessage("not a valid CPU list: \"0-x\", at position 2: expected a decimal number");
    }

    @ParameterizedTest
    @CsvSource({"000a", "0000", "001b", "0085", "200b", "202e", "2028", "feff", "d800", "0022"})
    void charactersThatMisleadAReaderAreShownAsNumbers(String code) {
        String text = "a" + (char) Integer.parseInt(code, 16) + "b";

        assertThat(new InvalidValueException("x", text, 0, "y")).hasMessageContaining("\"a\\u" + code + "b\"");
    }

    @Test
    void lettersOfAllAlphabetsAreShownAsTheyAre() {
        assertThat(new InvalidValueException("x", "Größe日本", 0, "y")).hasMessageContaining("\"Größe日本\"");
    }

    @Test
    void aLongTextIsShownInPartAndKeptWhole() {
        String text = "\n".repeat(121);
        InvalidValueException failure = new InvalidValueException("x", text, 5, "y");

        assertThat(failure).hasMessageContaining("\\u000a\\u000a...\"");
        assertThat(failure.text()).isEqualTo(text);
        assertThat(new InvalidValueException("x", "a".repeat(120), 5, "y")).hasMessageNotContaining("...");
    }
}
