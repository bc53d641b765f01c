package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.ParserProperties;
import io.vnfkit.testing.Seed;
import io.vnfkit.unit.InvalidValueException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class InterfaceAddressTest {

    private static final ParserProperties<InterfaceAddress, InvalidValueException> PROPERTIES = new ParserProperties<>(
            "InterfaceAddress", InterfaceAddress::parse, InterfaceAddress::toString, InvalidValueException.class,
            InvalidValueException::position, List.of("10.0.0.2/24", "0.0.0.0/0", "255.255.255.255/32", "fd00::2/64",
            "::/0", "::1/128",
                    "2001:db8:1:2:3:4:5:6/127", "1::/16", "ABCD:ef01::9/1"),
            InterfaceAddressTest::random);

    private static InterfaceAddress random(SplittableRandom random) {
        if (random.nextBoolean()) {
            return InterfaceAddress.parse(random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256)
                    + "."
                    + random.nextInt(256) + "/" + random.nextInt(33));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString(random.nextInt(0x10000)));
        }
        return InterfaceAddress.parse(text + "/" + random.nextInt(129));
    }

    @Test
    void validTextsAreTakenAndReadBack() {
        assertThatCode(PROPERTIES::takesTheValidTexts).doesNotThrowAnyException();
        assertThatCode(PROPERTIES::readsBackWhatItPrints).doesNotThrowAnyException();
    }

    @Test
    void hostileTextGivesAnAddressOrARefusalWithAPosition() {
        assertThatCode(PROPERTIES::givesAValueOrARefusalWithAPosition).doesNotThrowAnyException();
    }

    @Test
    void octetsAreThoseThatTheJdkReads() throws UnknownHostException {
        SplittableRandom random = Seed.random("octets of addresses");
        for (int i = 0; i < 2000; i++) {
            String text = abbreviated(random);
            byte[] expected = InetAddress.getByName(text.substring(0, text.indexOf('/'))).getAddress();
            assertThat(InterfaceAddress.parse(text).octets()).as(text).isEqualTo(expected);
        }
    }

    /** An IPv6 literal with a gap at a random place. */
    private static String abbreviated(SplittableRandom random) {
        int head = random.nextInt(7);
        int tail = random.nextInt(7 - head);
        return groups(random, head) + "::" + groups(random, tail) + "/" + random.nextInt(129);
    }

    private static String groups(SplittableRandom random, int count) {
        // Not 0 and not ffff, which would make the JDK see an IPv4 address in it.
        return String.join(":", random.ints(count, 1, 0xffff).mapToObj(Integer::toHexString).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "10.0.0.2;8;expected '/'", "10.0.0/24;6;expected four octets", "10.0.0.256/24;7;larger than 255",
        "10.0.0.1/33;9;larger than 32", "10.0.0.01/24;7;leading zeros", "10.0.0.1/;9;leading zeros",
        "10.0.0.1/+4;9;decimal",
        "10.0.0.1.2/24;8;decimal", "host/24;4;four octets", "fd00::1/129;8;larger than 128", "fd00::1::2/64;7;second",
        "fd00:::1/64;5;second \"::\"", "1:2:3:4:5:6:7/64;0;eight groups", "1:2:3:4:5:6:7:8:9/64;0;eight groups",
        "1:2:3:4:5:6:7::8/64;0;eight groups", "12345::/64;0;1 to 4", "fd00::g/64;6;hexadecimal", ":1/64;0;1 to 4",
        "1:/64;2;1 to 4", "::ffff:10.0.0.1/96;7;1 to 4"})
    void whatIsWrongIsSaidWithThePosition(String text, int position, String reason) {
        assertThatThrownBy(() -> InterfaceAddress.parse(text)).isInstanceOfSatisfying(InvalidValueException.class,
                refusal -> {
            assertThat(refusal.position()).as("%s", refusal).isEqualTo(position);
            assertThat(refusal).hasMessageContaining(reason);
        });
    }

    @Test
    void equalAddressesNeedNotBeWrittenAlike() {
        InterfaceAddress longer = InterfaceAddress.parse("fd00:0:0:0:0:0:0:1/64");

        assertThat(longer).isEqualTo(InterfaceAddress.parse("FD00::1/64"))
                .hasSameHashCodeAs(InterfaceAddress.parse("fd00::1/64"))
                .isNotEqualTo(InterfaceAddress.parse("fd00::1/65")).hasToString("fd00:0:0:0:0:0:0:1/64");
        assertThat(longer.isIpv6()).isTrue();
        assertThat(longer.prefixLength()).isEqualTo(64);
    }

    @Test
    void theOctetsAreACopy() {
        InterfaceAddress address = InterfaceAddress.parse("10.0.0.1/8");
        address.octets()[0] = 99;

        assertThat(address.octets()).containsExactly(10, 0, 0, 1);
        assertThat(address.isIpv6()).isFalse();
    }
}
