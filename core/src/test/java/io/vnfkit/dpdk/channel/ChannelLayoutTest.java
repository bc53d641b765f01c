package io.vnfkit.dpdk.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.dpdk.binding.CLayout;
import io.vnfkit.testing.RequiresCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The structures of channels, with every offset asked from the compiler. */
@RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
@Timeout(60)
class ChannelLayoutTest {

    private static final List<String> NUMBERS = List.of("descriptor", "side", "slots", "cache_line", "buffer_size",
            "buffer_count", "node");
    private static final List<String> OFFSETS =
            List.of("region_size", "page_size", "first_object", "packets", "returned", "buffers");

    @TempDir
    private Path directory;

    private Map<String, Integer> offsets(String structure, List<String> fields) throws Exception {
        CLayout header = new CLayout(directory).ask(CLayout.size(structure));
        fields.forEach(field -> header.ask(CLayout.offset(structure, field)));
        Map<String, Long> values = header.values();
        Map<String, Integer> offsets = new HashMap<>();
        fields.forEach(field -> offsets.put(field, values.get(CLayout.offset(structure, field)).intValue()));
        offsets.put("size", values.get(CLayout.size(structure)).intValue());
        return offsets;
    }

    @Test
    void theConfigurationIsWrittenToItsFields() throws Exception {
        ChannelPlace place = new ChannelPlace(9, 1L << 32, 1L << 21, 4096, 8192, 16384, 64, 128, 1L << 31, 10240, 63);
        ByteBuffer config = ChannelLayout.configuration(new TestSide(Direction.RECEIVER, place), "pool", 3);
        Map<String, Integer> at = offsets("channel_config", Stream.concat(NUMBERS.stream(), OFFSETS.stream()).toList());

        assertThat(config.remaining()).isEqualTo(at.get("size"));
        assertThat(NUMBERS.stream().map(field -> config.getInt(at.get(field)))).containsExactly(9, 1, 64, 128, 10240, 63, 3);
        assertThat(OFFSETS.stream().map(field -> config.getLong(at.get(field))))
                .containsExactly(1L << 32, 1L << 21, 4096L, 8192L, 16384L, 1L << 31);
        byte[] name = new byte[5];
        config.get(0, name);
        assertThat(name).isEqualTo(new byte[] {'p', 'o', 'o', 'l', 0});
    }

    @Test
    void directionsAreThoseOfTheHeader() throws Exception {
        CLayout header = new CLayout(directory).ask("VNFKIT_CHANNEL_SENDER").ask("VNFKIT_CHANNEL_RECEIVER");
        assertThat(header.values()).isEqualTo(Map.of("VNFKIT_CHANNEL_SENDER", (long) Direction.SENDER.ordinal(),
                "VNFKIT_CHANNEL_RECEIVER", (long) Direction.RECEIVER.ordinal()));
    }

    @Test
    void informationIsReadFromItsFields() throws Exception {
        Map<String, Integer> at = offsets("channel_info", List.of("in_flight", "lost", "damaged", "free_buffers"));
        ByteBuffer info = ByteBuffer.allocate(at.get("size")).order(ByteOrder.nativeOrder());
        info.putLong(at.get("in_flight"), 1).putLong(at.get("lost"), 2).putLong(at.get("damaged"), 1)
                .putLong(at.get("free_buffers"), 4);

        assertThat(ChannelLayout.INFO_SIZE).isEqualTo(at.get("size"));
        assertThat(ChannelLayout.information(info)).isEqualTo(new ChannelInformation(1, 2, true, 4));
    }

    private static void assertRefused(String what, int slots, int cacheLine, int bufferSize, int bufferCount, long shift) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPlace(
                        3, 1 << 21, 4096, 4096, 8192 + shift, 16384, slots, cacheLine, 32768 + shift, bufferSize, bufferCount))
                .withMessageContaining(what);
    }

    @Test
    void placesThatTheCoreCouldNotUseAreRefused() {
        new ChannelPlace(3, 1 << 21, 4096, 4096, 8192, 16384, 64, 64, 32768, ChannelPlace.MAX_BUFFER, 63);
        assertRefused("power of two", 63, 64, 2048, 7, 0);
        assertRefused("power of two", 1, 64, 2048, 1, 0);
        assertRefused("power of two", 1 << 25, 64, 2048, 7, 0);
        assertRefused("cache lines", 64, 32, 2048, 7, 0);
        assertRefused("multiple of 2048", 64, 64, 3000, 7, 0);
        assertRefused("up to 63488, not 65536", 64, 64, 65536, 7, 0);
        assertRefused("64 buffers", 64, 64, 2048, 64, 0);
        assertRefused("0 buffers", 64, 64, 2048, 0, 0);
        assertRefused("multiples of 2048", 64, 64, 2048, 7, 64);
        assertThatIllegalArgumentException().isThrownBy(
                () -> new ChannelPlace(3, 1 << 21, 4096, 4096, 8200, 16384, 64, 64, 32768, 2048, 7))
                .withMessageContaining("cache lines");
    }
}
