package io.vnfkit.dpdk.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.unit.MacAddress;
import io.vnfkit.testing.Seed;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PacketTemplateTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static Inet4Address ip(SplittableRandom random) throws UnknownHostException {
        byte[] octets = new byte[4];
        random.nextBytes(octets);
        return (Inet4Address) InetAddress.getByAddress(octets);
    }

    @Test
    void headersAreThoseOfUdpOverIpv4WithARightChecksum() throws UnknownHostException {
        SplittableRandom random = Seed.random("templates");
        for (int round = 0; round < 2000; round++) {
            Inet4Address from = ip(random);
            Inet4Address to = ip(random);
            int frameLength = 64 + random.nextInt(9022 - 64 + 1);
            PacketTemplate template = PacketTemplate.udp(A, B, from, to, frameLength);
            ByteBuffer header = ByteBuffer.wrap(template.header());
            int sum = 0;
            for (int at = 14; at < 34; at += 2) {
                sum += Short.toUnsignedInt(header.getShort(at));
            }
            assertThat((sum & 0xffff) + (sum >>> 16)).as(Seed.hint()).isEqualTo(0xffff);
            assertThat(Short.toUnsignedInt(header.getShort(16))).isEqualTo(frameLength - 18);
            assertThat(Short.toUnsignedInt(header.getShort(38))).isEqualTo(frameLength - 38);
            assertThat(header.getInt(30)).isEqualTo(ByteBuffer.wrap(to.getAddress()).getInt());
            assertThat(template.length()).isEqualTo(frameLength - 4);
            assertThat(template.hasStamp()).isTrue();
        }
        ByteBuffer header = ByteBuffer.wrap(PacketTemplate.udp(A, B, ip(random), ip(random), 64).header());
        assertThat(header.getLong(0) >>> 16).as("to").isEqualTo(B.value());
        assertThat(header.getLong(6) >>> 16).as("from").isEqualTo(A.value());
        assertThat(header.getShort(12)).isEqualTo((short) 0x0800);
    }

    @Test
    void theMixIsTheSimpleOne() throws UnknownHostException {
        Inet4Address address = ip(Seed.random("imix"));
        List<PacketTemplate> mix = PacketTemplate.imix(A, B, address, address);
        assertThat(mix.stream().collect(Collectors.groupingBy(PacketTemplate::length, Collectors.counting())))
                .isEqualTo(java.util.Map.of(60, 7L, 590, 4L, 1514, 1L));
    }

    @Test
    void aStampNeedsSixteenBytesBehindTheHeaders() {
        assertThat(PacketTemplate.raw(new byte[44], 60).hasStamp()).isTrue();
        assertThat(PacketTemplate.raw(new byte[44], 60).stampOffset()).isEqualTo(44);
        assertThat(PacketTemplate.raw(new byte[45], 60).hasStamp()).isFalse();
        assertThat(PacketTemplate.raw(new byte[45], 60).stampOffset()).isZero();
    }

    @Test
    void aVaryingWordLiesInTheHeader() {
        PacketTemplate template = PacketTemplate.raw(new byte[20], 60);
        assertThat(template.varying(16).varyOffset()).isEqualTo(16);
        assertThatIllegalArgumentException().isThrownBy(() -> template.varying(17));
        assertThatIllegalArgumentException().isThrownBy(() -> template.varying(-1));
        assertThatIllegalArgumentException().as("0 says to the core that nothing varies")
                .isThrownBy(() -> template.varying(0));
        assertThatIllegalArgumentException().isThrownBy(() -> template.varying(Integer.MAX_VALUE));
    }

    @Test
    void lengthsAreThoseOfEthernet() throws UnknownHostException {
        Inet4Address address = ip(Seed.random("lengths"));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketTemplate.udp(A, B, address, address, 63));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketTemplate.udp(A, B, address, address, 9023));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketTemplate.raw(new byte[13], 60));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketTemplate.raw(new byte[257], 300));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketTemplate.raw(new byte[100], 99));
    }

    @Test
    void templatesAreValues() {
        byte[] bytes = new byte[20];
        PacketTemplate template = PacketTemplate.raw(bytes, 60);
        bytes[0] = 1;
        template.header()[1] = 1;
        assertThat(template).isEqualTo(PacketTemplate.raw(new byte[20], 60))
                .hasSameHashCodeAs(PacketTemplate.raw(new byte[20], 60)).isNotEqualTo(template.varying(4));
        assertThat(template).hasToString("64-byte frames");
    }

    @Test
    void ratesArePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.packetsPerSecond(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.bitsPerSecond(-1));
    }
}
