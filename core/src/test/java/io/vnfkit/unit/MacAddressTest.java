package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @Test
    void itIsReadAndWritten() {
        MacAddress address = MacAddress.parse("02:00:5E:10:00:ff");

        assertThat(address).hasToString("02:00:5e:10:00:ff").isEqualTo(new MacAddress(0x02005e1000ffL));
        assertThat(address.octets()).containsExactly(2, 0, 0x5e, 0x10, 0, 0xff);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:5e:10:00", "02:00:5e:10:00:ff:01", "02-00-5e-10-00-ff", "2:0:5e:10:0:ff", "02:00:5e:10:00:fg"})
    void otherTextsAreRefused(String text) {
        assertThatThrownBy(() -> MacAddress.parse(text)).isInstanceOfSatisfying(InvalidValueException.class,
                failure -> assertThat(failure.position()).isBetween(0, text.length()));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 48})
    void moreThanSixOctetsAreRefused(long value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(value));
    }

    @Test
    void aDerivedOneIsLocalAndOfOneStation() {
        for (int i = 0; i < 200; i++) {
            assertThat(MacAddress.derivedFrom("text", "" + i).octets()[0] & 3).isEqualTo(2);
        }
    }

    @Test
    void aDerivedOneFollowsFromTheTextsAlone() {
        MacAddress address = MacAddress.derivedFrom("boot", "vnf", "peer");

        assertThat(MacAddress.derivedFrom("boot", "vnf", "peer")).isEqualTo(address);
        assertThat(MacAddress.derivedFrom("boot", "vnf", "peer2")).isNotEqualTo(address);
        assertThat(MacAddress.derivedFrom("boot", "vnfp", "eer")).isNotEqualTo(address);
    }
}
