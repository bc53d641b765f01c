package io.vnfkit.dpdk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsAreaTest {

    private static final long GIGAHERTZ = 1_000_000_000L;
    private static final int FIRST_ENTRY = 64;

    @TempDir
    private Path directory;
    private Path file;
    private StatisticsArea written;

    @BeforeEach
    void make() {
        file = directory.resolve("statistics");
        written = StatisticsArea.inFile(file, List.of("l3fwd", "sink"), List.of(1, 2), List.of("sink"), GIGAHERTZ);
    }

    private void damage(Consumer<ByteBuffer> how) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        how.accept(bytes);
        Files.write(file, bytes.array());
    }

    private void assertRefused(String reason, Consumer<ByteBuffer> how) throws IOException {
        byte[] sound = Files.readAllBytes(file);
        damage(how);
        assertThatThrownBy(() -> StatisticsArea.open(file)).isInstanceOf(StatisticsAreaException.class)
                .hasMessageContaining(reason).hasMessageContaining(file.toString());
        Files.write(file, sound);
    }

    @Test
    void anotherReaderSeesWhatLcoresWrite() {
        written.ofTask("l3fwd").putLong(0, 10).putLong(8, 640).putLong(16, 7).putLong(24, 2).putLong(32, 5).putLong(40, 4)
                .putLong(64 + 8 * DropReason.NO_ROUTE.ordinal(), 3);
        written.ofTask("sink").putLong(48, 2).putLong(56, 1);
        written.ofLcore(2).putLong(0, 99).putLong(8, 5000).putLong(16, 1).putLong(24, 2);
        written.ofSink("sink").putLong(0, 2).putLong(8, 100).putLong(16, 300).putLong(24, 400)
                .putLong(64 + 8 * LatencyBuckets.of(100), 1).putLong(64 + 8 * LatencyBuckets.of(300), 1);
        ForwardingStatistics read = StatisticsArea.open(file).read();

        assertThat(read.task("l3fwd")).isEqualTo(
                new TaskStatistics(10, 640, 7, 2, 5, 4, 0, 0, Map.of(DropReason.NO_ROUTE, 3L)));
        assertThat(read.task("sink").lost()).isOne();
        assertThat(read.task("sink").reordered()).isEqualTo(2);
        assertThat(read.lcores().get(2)).isEqualTo(new LcoreStatistics(2, true, 2, 99, Duration.ofNanos(5000)));
        LatencyStatistics latency = read.latencies().get("sink");
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.minimum()).isEqualTo(Duration.ofNanos(100));
        assertThat(latency.mean()).isEqualTo(Duration.ofNanos(200));
        assertThat(latency.maximum()).isEqualTo(Duration.ofNanos(300));
        assertThat(latency.percentile(100).toNanos()).isBetween(290L, 310L);
        assertThatIllegalArgumentException().isThrownBy(() -> read.task("x")).withMessageContaining("l3fwd");
        assertThatIllegalArgumentException().isThrownBy(() -> written.ofSink("l3fwd"));
    }

    @Test
    void differencesAreWhatWasCountedSince() {
        TaskStatistics before = new TaskStatistics(1, 2, 3, 4, 5, 6, 7, 8, Map.of(DropReason.TTL, 8L));
        TaskStatistics after = new TaskStatistics(
                11, 12, 13, 14, 15, 16, 17, 18, Map.of(DropReason.TTL, 8L, DropReason.MPLS, 2L));
        assertThat(after.since(before))
                .isEqualTo(new TaskStatistics(10, 10, 10, 10, 10, 10, 10, 10, Map.of(DropReason.MPLS, 2L)));
        assertThat(after.dropped()).isEqualTo(10);
    }

    @Test
    void aResetIsAskedForAndFollowed() {
        written.resetLatency("sink");
        assertThat(written.isLatencyReset("sink")).isFalse();
        ByteBuffer sink = written.ofSink("sink");
        sink.putLong(40, sink.getLong(32));
        assertThat(written.isLatencyReset("sink")).isTrue();
        written.resetLongestGap(2);
        assertThat(written.ofLcore(2).getLong(32)).isOne();
        assertThat(written.ofLcore(1).getLong(32)).isZero();
    }

    @Test
    void namesOfSixtyThreeBytesAreKept() {
        String name = "\u00e9".repeat(31) + "x";
        StatisticsArea.inFile(file, List.of(name), List.of(), List.of(), GIGAHERTZ);
        assertThat(StatisticsArea.open(file).read().tasks()).containsOnlyKeys(name);
    }

    @Test
    void aFileIsUsedAgain() {
        written.ofTask("l3fwd").putLong(0, 10);
        StatisticsArea.inFile(file, List.of("l3fwd"), List.of(), List.of(), GIGAHERTZ);
        assertThat(StatisticsArea.open(file).read().tasks())
                .isEqualTo(Map.of("l3fwd", new TaskStatistics(0, 0, 0, 0, 0, 0, 0, 0, Map.of())));
    }

    @Test
    void badFilesAreRefusedWithPathAndReason() throws IOException {
        assertRefused("no statistics area", bytes -> bytes.putLong(0, 1));
        assertRefused("version 2", bytes -> bytes.putInt(8, 2));
        assertRefused("says that it has -1 entries", bytes -> bytes.putInt(12, -1));
        assertRefused("entries", bytes -> bytes.putInt(12, Integer.MAX_VALUE));
        assertRefused("unknown kind 3", bytes -> bytes.putInt(FIRST_ENTRY, 3));
        assertRefused("unknown kind -1", bytes -> bytes.putInt(FIRST_ENTRY, -1));
        for (long offset : new long[] {0, -64, 65, Long.MIN_VALUE, Long.MAX_VALUE & -64, 1L << 32}) {
            assertRefused("an entry at " + offset, bytes -> bytes.putLong(FIRST_ENTRY + 8, offset));
        }
        assertRefused("an entry at", bytes -> bytes.putLong(FIRST_ENTRY + 8, bytes.capacity() - 256));
        assertRefused("frequency", bytes -> bytes.putLong(16, 1));
        assertRefused("frequency", bytes -> bytes.putLong(16, -1));
        assertThat(StatisticsArea.open(file).read().tasks()).hasSize(2);
    }

    @Test
    void aFileOfAnyLengthIsReadOrRefused() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        for (int length = 0; length < sound.length; length += length < 600 ? 1 : 97) {
            Files.write(file, java.util.Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> StatisticsArea.open(file)).isInstanceOf(StatisticsAreaException.class);
        }
        Files.writeString(file, "x".repeat(10_000), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> StatisticsArea.open(file)).isInstanceOf(StatisticsAreaException.class);
        Files.delete(file);
        assertThatThrownBy(() -> StatisticsArea.open(file)).isInstanceOf(StatisticsAreaException.class);
    }

    @Test
    void randomDamageIsReadOrRefused() throws IOException {
        SplittableRandom random = Seed.random("damaged statistics");
        byte[] sound = Files.readAllBytes(file);
        int opened = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = sound.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextBoolean() ? random.nextInt(600) : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            try {
                ForwardingStatistics read = StatisticsArea.open(file).read();
                read.latencies().values().forEach(latency -> assertThat(latency.toString()).contains("packets"));
                opened++;
            } catch (StatisticsAreaException refused) {
                assertThat(refused).as(Seed.hint()).hasMessageContaining("statistics area");
            }
        }
        assertThat(opened).isPositive();
    }
}
