package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0", "1, 1", "4096, 4096", "64k, 65536", "64K, 65536", "64KiB, 65536", "512M, 536870912", "1g, 1073741824",
        "2T, 2199023255552", "1PiB, 1125899906842624", "9223372036854775807, 9223372036854775807",
        "8191P, 9222246136947933184"
    })
    void aNumberWithABinaryUnitIsAnAmount(String text, long value) {
        assertThat(Bytes.parse(text)).isEqualTo(Bytes.of(value));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, expected a decimal number", "M, 0, expected a decimal number", "-1, 0, expected a decimal number",
        "+1, 0, expected a decimal number", "' 1', 0, expected a decimal number",
        "'1 M', 1, 'one of the units K, M, G, T, P'",
        "1X, 1, one of the units", "1MB, 2, unexpected text", "1Mi, 3, expected 'B'", "1MiBB, 4, unexpected text",
        "01, 0, leading zero", "9223372036854775808, 0, larger than", "8192P, 0, larger than 63 bits",
        "99999999999999999999K, 0, larger than", "1.5G, 1, one of the units", "0x10, 1, one of the units"
    })
    void everythingElseIsRefusedWithThePosition(String text, int position, String reason) {
        assertThatThrownBy(() -> Bytes.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class, failure -> {
                    assertThat(failure.position()).isEqualTo(position);
                    assertThat(failure.text()).isEqualTo(text);
                })
                .hasMessageContaining("amount of memory")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0", "1, 1", "1023, 1023", "1024, 1KiB", "1536, 1536", "2048, 2KiB", "1048576, 1MiB", "1049600, 1025KiB",
        "1073741824, 1GiB", "1152921504606846976, 1024PiB"
    })
    void anAmountPrintsInTheLargestUnitThatDividesIt(long value, String text) {
        assertThat(Bytes.of(value)).hasToString(text);
    }

    @Test
    void anAmountIsNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.of(-1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.mebibytes(-1));
    }

    @Test
    void amountsThatDoNotFitAreRefusedRatherThanWrappedAround() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Bytes.gibibytes(1L << 33));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Bytes.of(Long.MAX_VALUE).plus(Bytes.of(1)));
    }

    @Test
    void amountsAreAddedTakenAwayAndCompared() {
        Bytes three = Bytes.kibibytes(3);
        Bytes four = Bytes.kibibytes(4);

        assertThat(three.plus(four)).isEqualTo(Bytes.kibibytes(7));
        assertThat(four.minusOrZero(three)).isEqualTo(Bytes.kibibytes(1));
        assertThat(three.minusOrZero(four)).isEqualTo(Bytes.ZERO);
        assertThat(three.min(four)).isEqualTo(three);
        assertThat(four.min(three)).isEqualTo(three);
        assertThat(three).isLessThan(four);
    }

    @Test
    void wholeMebibytesAndPagesAreRoundedDown() {
        assertThat(Bytes.of((5L << 20) - 1).inMebibytes()).isEqualTo(4);
        assertThat(Bytes.of((5L << 20) - 1).inPages(PageSize.MIB_2)).isEqualTo(2);
        assertThat(Bytes.ZERO.inPages(PageSize.GIB_1)).isZero();
    }
}
