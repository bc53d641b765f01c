package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PciAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0000:05:00.0, 0000:05:00.0", "05:00.0, 0000:05:00.0", "00:1f.7, 0000:00:1f.7", "0000:FF:1F.7, 0000:ff:1f.7",
        "10000:e1:00.0, 10000:e1:00.0", "00010000:e1:00.0, 10000:e1:00.0", "ffffffff:ff:1f.7, ffffffff:ff:1f.7"
    })
    void anAddressIsReadWithOrWithoutItsDomain(String text, String printed) {
        assertThat(PciAddress.parse(text)).hasToString(printed);
    }

    @Test
    void thePartsAreHexadecimal() {
        assertThat(PciAddress.parse("80000001:3b:1a.5")).isEqualTo(new PciAddress(0x80000001L, 0x3b, 0x1a, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0", "0000:05:00, 10", "0000:05:00., 11", "0000:05:00.8, 11", "0000:05:20.0, 8", "0000:05:00.00, 12",
        "0000:5:00.0, 6", "000:05:00.0, 0", "123456789:05:00.0, 0", ":05:00.0, 0", "0000:05:00.g, 11",
        "0000:05:0g.0, 9",
        "000g:05:00.0, 3", "0000:05:00:0, 10", "0000-05-00.0, 2", "' 05:00.0', 0", "'05:00.0 ', 7", "5:00.0, 1"
    })
    void everythingElseIsRefusedWithThePosition(String text, int position) {
        assertThatThrownBy(() -> PciAddress.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isEqualTo(position))
                .hasMessageContaining("PCI address");
    }

    @Test
    void partsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(-1, 0, 0, 0))
                .withMessageContaining("domain");
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(1L << 32, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 256, 0, 0))
                .withMessageContaining("bus");
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 0, 32, 0))
                .withMessageContaining("device");
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 0, 0, 8))
                .withMessageContaining("function");
    }

    @Test
    void addressesAreSortedAsNumbersAndNotAsTexts() {
        List<String> sorted = Stream.of("10000:00:00.0", "0000:ff:00.0", "ffff:00:00.0", "0000:00:1f.0", "0000:00:02.1")
                .map(PciAddress::parse)
                .sorted()
                .map(PciAddress::toString)
                .toList();

        assertThat(sorted)
                .containsExactly("0000:00:02.1", "0000:00:1f.0", "0000:ff:00.0", "ffff:00:00.0", "10000:00:00.0");
    }
}
