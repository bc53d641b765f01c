package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.ParserProperties;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MacAddressParsingTest {

    private static final ParserProperties<MacAddress, InvalidValueException> PARSER = new ParserProperties<>(
            "MacAddress", MacAddress::parse, MacAddress::toString, InvalidValueException.class,
            InvalidValueException::position, List.of("02:00:00:00:00:01", "FF:ff:fF:Ff:00:9a"),
            random -> new MacAddress(random.nextLong() >>> 16));

    @Test
    void textsAreTakenOrRefusedWithAPosition() {
        assertThatCode(PARSER::takesTheValidTexts).doesNotThrowAnyException();
        assertThatCode(PARSER::givesAValueOrARefusalWithAPosition).doesNotThrowAnyException();
        assertThatCode(PARSER::readsBackWhatItPrints).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "02:00:00:00:00, 14", "02:00:00:00:00:0, 16", "02:00:00:00:00:0g, 16",
        "02:00:00:00:00:00:00, 17", "02-00:00:00:00:00, 2", "' 2:00:00:00:00:00', 0"})
    void everythingElseIsRefusedWithThePosition(String text, int position) {
        assertThatThrownBy(() -> MacAddress.parse(text)).isInstanceOfSatisfying(InvalidValueException.class,
                failure -> assertThat(failure.position()).isEqualTo(position));
    }

    @Test
    void octetsAreInTheOrderOfTheWire() {
        MacAddress mac = MacAddress.parse("0a:0b:0c:0d:0e:0f");
        assertThat(mac.octets()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(MacAddress.of(mac.octets())).isEqualTo(mac);
        assertThat(MacAddress.parse("01:00:5e:00:00:01").isMulticast()).isTrue();
        assertThat(MacAddress.parse("fe:00:00:00:00:01").isMulticast()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(new byte[5]));
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    }
}
