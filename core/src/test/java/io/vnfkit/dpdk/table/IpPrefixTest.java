package io.vnfkit.dpdk.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.ParserProperties;
import io.vnfkit.unit.InvalidValueException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IpPrefixTest {

    private static final ParserProperties<IpPrefix, InvalidValueException> PARSER = new ParserProperties<>(
            "IpPrefix", IpPrefix::parse, IpPrefix::toString, InvalidValueException.class,
            InvalidValueException::position,
            List.of("0.0.0.0/0", "10.0.0.0/8", "192.0.2.7/32", "::/0", "fd00::/8", "2001:db8::1/128", "::ffff:0:0/96"),
            IpPrefixTest::random);

    private static IpPrefix random(SplittableRandom random) {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(octets);
        return IpPrefix.of(octets, random.nextInt(octets.length * 8 + 1));
    }

    @Test
    void textsAreTakenOrRefusedWithAPosition() {
        assertThatCode(PARSER::takesTheValidTexts).doesNotThrowAnyException();
        assertThatCode(PARSER::givesAValueOrARefusalWithAPosition).doesNotThrowAnyException();
        assertThatCode(PARSER::readsBackWhatItPrints).doesNotThrowAnyException();
    }

    @Test
    void anIpv4AddressMappedIntoIpv6StaysIpv6() {
        IpPrefix mapped = IpPrefix.parse("::ffff:10.0.0.0/104".replace("10.0.0.0", "a00:0"));
        assertThat(mapped.isIpv4()).isFalse();
        assertThat(IpPrefix.parse(mapped.toString())).isEqualTo(mapped);
    }

    @Test
    void bitsBehindThePrefixAreRefusedInTextAndClearedInOctets() {
        assertThatThrownBy(() -> IpPrefix.parse("10.1.2.3/16"))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("10.1.0.0/16");
        assertThat(IpPrefix.of(new byte[] {10, 1, (byte) 255, 3}, 17)).hasToString("10.1.128.0/17");
        assertThat(IpPrefix.of(new byte[] {10, 1, 2, 3}, 0)).isEqualTo(IpPrefix.parse("0.0.0.0/0"));
    }

    @Test
    void aShorterPrefixContainsIt() {
        assertThat(IpPrefix.parse("10.1.2.0/24").shortened(15)).hasToString("10.0.0.0/15");
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("10.0.0.0/8").shortened(9));
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.of(new byte[5], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.of(new byte[4], 33));
    }
}
