package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Connected;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import io.vnfkit.testing.Seed;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {

    static Stream<MemifMessage> messages() {
        return Stream.of(new Ack(), new Hello("DPDK 22.11.11", 0x200, 0x201, 255, 254, 253, 14),
                new Init(0x200, 0xffff_ffffL, 2, "x".repeat(24), "n".repeat(32)), new AddRegion(65535, -1),
                new AddRing(Direction.CLIENT_TO_SERVER, 1, 2, 0xffff_fff0L, 14, 9),
                new AddRing(Direction.SERVER_TO_CLIENT, 65535, 65535, 0, 255, 65535), new Connect("net_memif0"),
                new Connected("\u00e4\u00ff"), new Disconnect(0xffff_ffffL, "r".repeat(96)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decodesWhatItEncodes(MemifMessage message) {
        ByteBuffer bytes = MessageCodec.encode(message);

        assertThat(bytes.remaining()).isEqualTo(128);
        assertThat(MessageCodec.decode(bytes)).isEqualTo(message);
    }

    /** As the packed structures of DPDK's memif.h have them. */
    @Test
    void fieldsLieWhereDpdkHasThem() {
        assertThat(hex(new Hello("a", 0x200, 0x200, 255, 254, 253, 14)))
                .isEqualTo("0200" + "61" + "00".repeat(31) + "0002" + "0002" + "ff00" + "fe00" + "fd00" + "0e");
        assertThat(hex(new Init(0x200, 0x01020304, 1, "s", "n"))).isEqualTo("0300" + "0002" + "04030201" + "01" + "73"
                + "00".repeat(23) + "6e");
        assertThat(hex(new AddRegion(3, 0x1122334455L))).isEqualTo("0400" + "0300" + "5544332211");
        assertThat(hex(new AddRing(Direction.CLIENT_TO_SERVER, 1, 2, 0x04030201, 10, 0x0605)))
                .isEqualTo("0500" + "0100" + "0100" + "0200" + "01020304" + "0a" + "0506");
        assertThat(hex(new AddRing(Direction.SERVER_TO_CLIENT, 1, 0, 0, 10, 0)))
                .isEqualTo("0500" + "0000" + "0100" + "0000" + "00000000" + "0a");
        assertThat(hex(new Disconnect(7, "x"))).isEqualTo("0800" + "07000000" + "78");
    }

    private static String hex(MemifMessage message) {
        return HexFormat.of().formatHex(MessageCodec.encode(message).array()).replaceAll("(00)+$", "");
    }

    @Test
    void otherLengthsAndTypesAreRefused() {
        assertThatThrownBy(() -> MessageCodec.decode(ByteBuffer.allocate(127)))
                .isInstanceOf(MemifProtocolException.class).hasMessage("a memif message has 128 bytes, not 127");
        for (int type : new int[] {0, 9, 0x102, 0xffff}) {
            ByteBuffer bytes = ByteBuffer.allocate(128).putShort(0, Short.reverseBytes((short) type));
            assertThatThrownBy(() -> MessageCodec.decode(bytes)).isInstanceOf(MemifProtocolException.class)
                    .hasMessageEndingWith("not " + type);
        }
    }

    @Test
    void valuesWithoutAnEncodingAreRefused() {
        assertThatThrownBy(() -> new AddRegion(65536, 0)).hasMessageContaining("0 to 65535, not 65536");
        assertThatThrownBy(() -> new Init(0, 0, 0, "x".repeat(25), "")).hasMessageContaining("at most 24");
        assertThatThrownBy(() -> new Connect("a\0b")).hasMessageContaining("no NUL");
        assertThatThrownBy(() -> new Connect("\u0100")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Disconnect.because("\u4e00\0" + "x".repeat(200)).reason()).isEqualTo("??" + "x".repeat(93));
    }

    @Test
    void secretsAreNotShown() {
        assertThat(new Init(0x200, 1, 0, "geheim", "n").toString()).doesNotContain("geheim");
        assertThat(MemifInterface.of(1).secret("geheim").toString()).doesNotContain("geheim");
        assertThat(MemifClientSettings.to(LinkPair.socket(), 1).secret("geheim").toString()).doesNotContain("geheim");
    }

    @Test
    void anyBytesAreAMessageThatReadsBackOrARefusal() {
        SplittableRandom random = Seed.random("memif messages");
        int messages = 0;
        for (int i = 0; i < 100_000; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(128);
            random.nextBytes(bytes.array());
            bytes.putShort(0, Short.reverseBytes((short) random.nextInt(11)));
            try {
                MemifMessage message = MessageCodec.decode(bytes);
                assertThat(MessageCodec.decode(MessageCodec.encode(message))).as(Seed.hint()).isEqualTo(message);
                messages++;
            } catch (MemifProtocolException refused) {
                assertThat(refused).hasMessageContaining("types 1 to 8");
            }
        }
        assertThat(messages).isGreaterThan(50_000);
    }
}
