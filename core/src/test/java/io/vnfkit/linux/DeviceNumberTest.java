package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNumberTest {

    @ParameterizedTest
    @CsvSource({
        "0x103, 1, 3", "0xf202, 242, 2", "0xfff00000ff, 0, 268370175", "0x1000ff, 0, 511", "0x112233, 290, 307"
    })
    void anEncodedNumberIsTakenApartAsTheCLibraryDoes(String encoded, int major, int minor) {
        // Expected values are those of major(3) and minor(3).
        assertThat(DeviceNumber.ofEncoded(Long.decode(encoded))).isEqualTo(new DeviceNumber(major, minor));
    }

    @Test
    void theTextOfSysfsIsReadAndPrinted() {
        assertThat(DeviceNumber.parse("242:2")).isEqualTo(new DeviceNumber(242, 2)).hasToString("242:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ":", "1", "1:", ":1", "1:2:3", "a:b", "-1:2", "1:-2", "+1:2", " 1:2", "1:2\n", "99999999999:1", "\u0661:1",
        "01:2"
    })
    void everythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceNumber.parse(text))
                .withMessageContaining("\"" + text);
    }
}
