package io.vnfkit.ivshmem.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BroadcastTest {

    private static final int INTENT = 128;
    private static final int TAIL = 256;
    private static final int LATEST = 264;
    private static final int RECORDS = 384;

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final Region other = Region.attach(region.descriptor(), Access.READ_ONLY);
    private final Broadcast broadcast = Broadcast.create(region, "events", Bytes.of(1024), "test");
    private final ByteBuffer memory = region.window(broadcast.object());

    @AfterEach
    void detach() {
        other.close();
        region.close();
    }

    private BroadcastReader reader(Start start) {
        return Broadcast.open(other, "events").reader(start);
    }

    private static void write(BroadcastWriter writer, int length, int seed) {
        writer.write(length, bytes(length, seed), 0, length);
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> readAll(BroadcastReader reader) {
        List<byte[]> messages = new ArrayList<>();
        reader.read((type, from, offset, length) -> {
            assertThat(type).isEqualTo(length);
            byte[] message = new byte[length];
            from.get(offset, message);
            messages.add(message);
        }, Integer.MAX_VALUE);
        return messages;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 16, 17, 64, 127, 128})
    void everyReaderGetsEveryMessage(int length) {
        try (BroadcastWriter writer = broadcast.writer()) {
            List<BroadcastReader> readers = List.of(reader(Start.NEXT), reader(Start.LATEST), broadcast.reader(Start.NEXT));
            for (int i = 0; i < 200; i += 2) {
                write(writer, length, i);
                writer.write(length, ByteBuffer.wrap(bytes(length, i + 1)), 0, length);
                for (BroadcastReader reader : readers) {
                    assertThat(readAll(reader)).containsExactly(bytes(length, i), bytes(length, i + 1));
                    assertThat(reader.isEmpty()).isTrue();
                    assertThat(reader.lost()).isZero();
                }
            }
            assertThat(writer.written()).isEqualTo(200);
        }
    }

    @Test
    void whoJoinsLateBeginsAtTheNewestOrTheNextMessage() {
        try (BroadcastWriter writer = broadcast.writer()) {
            for (int i = 0; i < 50; i++) {
                write(writer, 40, i);
            }
            BroadcastReader latest = reader(Start.LATEST);
            BroadcastReader next = reader(Start.NEXT);
            write(writer, 30, 50);

            assertThat(readAll(latest)).containsExactly(bytes(40, 49), bytes(30, 50));
            assertThat(readAll(next)).containsExactly(bytes(30, 50));
            assertThat(latest.lost()).isZero();
            assertThat(next.lost()).isZero();
        }
    }

    @Test
    void whoIsLappedLearnsHowManyItLost() {
        try (BroadcastWriter writer = broadcast.writer()) {
            BroadcastReader reader = reader(Start.NEXT);
            for (int i = 0; i < 1000; i++) {
                write(writer, 40, i);
            }
            assertThat(readAll(reader)).isEmpty();
            assertThat(readAll(reader)).containsExactly(bytes(40, 999));
            assertThat(reader.lost()).isEqualTo(999);
            write(writer, 40, 1000);
            assertThat(readAll(reader)).containsExactly(bytes(40, 1000));
            assertThat(reader.lost()).isEqualTo(999);
        }
    }

    @Test
    void lostAndReadAreAllThatWereWritten() {
        Random random = new Random(3);
        try (BroadcastWriter writer = broadcast.writer()) {
            BroadcastReader reader = reader(Start.NEXT);
            long read = 0;
            for (int i = 0; i < 20_000; i++) {
                write(writer, random.nextInt(129), i);
                if (random.nextInt(8) == 0) {
                    read += readAll(reader).size();
                }
            }
            while (!reader.isEmpty()) {
                read += readAll(reader).size();
            }
            assertThat(reader.lost()).isPositive();
            assertThat(read).isPositive();
            assertThat(read + reader.lost()).isEqualTo(20_000);
        }
    }

    @Test
    void aMessageThatIsBeingOverwrittenIsNotDelivered() {
        try (BroadcastWriter writer = broadcast.writer()) {
            BroadcastReader reader = reader(Start.NEXT);
            for (int i = 0; i < 16; i++) {
                write(writer, 48, i);
            }
            memory.putLong(INTENT, 1024 + 16);

            assertThat(readAll(reader)).isEmpty();
            assertThat(readAll(reader)).containsExactly(bytes(48, 15));
            assertThat(reader.lost()).isEqualTo(15);
        }
    }

    @Test
    void longMessagesFindRoomInTheCopy() {
        Broadcast large = Broadcast.create(region, "large", Bytes.kibibytes(256), "test");
        try (BroadcastWriter writer = large.writer()) {
            BroadcastReader reader = Broadcast.open(other, "large").reader(Start.NEXT);
            for (int length : new int[] {4096, 4097, 32767, 32768, 1}) {
                write(writer, length, length);
                assertThat(readAll(reader)).containsExactly(bytes(length, length));
            }
        }
    }

    @Test
    void limitsAndExceptionsOfTheHandlerAreKept() {
        try (BroadcastWriter writer = broadcast.writer()) {
            BroadcastReader reader = reader(Start.NEXT);
            for (int i = 0; i < 4; i++) {
                write(writer, 8, i);
            }
            assertThat(reader.read((type, from, offset, length) -> {}, 2)).isEqualTo(2);
            assertThatThrownBy(() -> reader.read((type, from, offset, length) -> {
                throw new IllegalStateException("handler");
            }, 9)).hasMessage("handler");
            assertThat(readAll(reader)).containsExactly(bytes(8, 3));
        }
    }

    @Test
    void whatCannotBeAMessageIsRefused() {
        try (BroadcastWriter writer = broadcast.writer()) {
            assertThatThrownBy(() -> writer.write(-1, new byte[1], 0, 1)).hasMessageContaining("not negative: -1");
            assertThatThrownBy(() -> writer.write(1, new byte[129], 0, 129)).hasMessageContaining("0 to 128 bytes, not 129");
            assertThatThrownBy(() -> writer.write(1, new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(reader(Start.LATEST).isEmpty()).isTrue();
        }
    }

    @Test
    void oneWriterAmongAll() {
        try (BroadcastWriter writer = broadcast.writer()) {
            BroadcastReader reader = reader(Start.NEXT);
            assertThat(reader.isPeerPresent()).isTrue();
            assertThatThrownBy(broadcast::writer).isInstanceOf(RegionException.class);
            assertThatThrownBy(() -> Broadcast.open(other, "events").writer()).isInstanceOf(RegionException.class)
                    .hasMessageContaining("for reading alone");
            writer.close();
            assertThat(reader.isPeerPresent()).isFalse();
        }
    }

    @Test
    void aNewWriterGoesOnWithTheNumbers() {
        BroadcastReader reader = reader(Start.NEXT);
        for (int i = 0; i < 60; i++) {
            try (BroadcastWriter writer = broadcast.writer()) {
                assertThat(writer.written()).isEqualTo(i);
                write(writer, i, i);
            }
            assertThat(readAll(reader)).containsExactly(bytes(i, i));
        }
        assertThat(reader.lost()).isZero();
    }

    @Test
    void aNewWriterDoesNotTakeTheIntentBack() {
        try (BroadcastWriter writer = broadcast.writer()) {
            for (int i = 0; i < 16; i++) {
                write(writer, 48, i);
            }
        }
        // As a writer leaves it that died while it wrote a message of 128 bytes over the oldest ones.
        memory.putLong(INTENT, 1024 + 144);
        try (BroadcastWriter writer = broadcast.writer()) {
            write(writer, 0, 16);
            assertThat(memory.getLong(INTENT)).isEqualTo(1024 + 144);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,length 0", "145,length 145", "-1,length -1"})
    void aLengthThatCannotBeIsNamed(int length, String message) {
        BroadcastReader reader = reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            write(writer, 8, 1);
        }
        memory.putInt(RECORDS, length);

        assertThatThrownBy(() -> readAll(reader)).isInstanceOf(DamagedRegionException.class).hasMessageContaining(message);
        assertThatThrownBy(broadcast::writer).isInstanceOf(DamagedRegionException.class).hasMessageContaining(message);
        assertThatThrownBy(() -> reader(Start.LATEST)).isInstanceOf(DamagedRegionException.class);
    }

    @ParameterizedTest
    @CsvSource({"256,-16,multiple", "256,8,multiple", "256,16,no message", "264,64,newest message", "128,4096,intent"})
    void positionsThatCannotBeAreNamedWhenTakingOver(int at, long value, String message) {
        memory.putLong(at, value);
        memory.putLong(INTENT, Math.max(memory.getLong(INTENT), value));

        assertThatThrownBy(broadcast::writer).isInstanceOf(DamagedRegionException.class)
                .hasMessageContaining(message.equals("no message") ? "length 0" : message);
    }

    @Test
    void aTailThatGoesBackIsNamed() {
        BroadcastReader reader = reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            write(writer, 8, 1);
            readAll(reader);
            memory.putLong(TAIL, 0);
            assertThatThrownBy(reader::isEmpty).isInstanceOf(DamagedRegionException.class).hasMessageContaining("was at 32");
        }
    }

    @Test
    void numbersThatGoBackAreNamed() {
        BroadcastReader reader = reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            write(writer, 8, 1);
            memory.putLong(RECORDS + 8, -1);
            assertThatThrownBy(() -> readAll(reader)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("number -1");
        }
    }

    @Test
    void anIntentThatIsNotTrueHangsNobody() {
        BroadcastReader reader = reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            write(writer, 8, 1);
            memory.putLong(INTENT, Long.MAX_VALUE);
            assertThatThrownBy(() -> readAll(reader)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("said to be overwritten");
            assertThatThrownBy(() -> reader(Start.LATEST)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("100 tries");
        }
    }

    @Test
    void messagesReachOnlyThoseWhoLookWhileTheyAreThere() throws Exception {
        int count = 1_000_000;
        Broadcast fast = Broadcast.create(region, "fast", Bytes.kibibytes(4), "test");
        BroadcastReader reader = Broadcast.open(other, "fast").reader(Start.NEXT);
        Thread sender = new Thread(() -> {
            try (BroadcastWriter writer = fast.writer()) {
                long[] words = new long[8];
                ByteBuffer message = ByteBuffer.allocateDirect(64).order(java.nio.ByteOrder.nativeOrder());
                for (long i = 0; i < count; i++) {
                    Arrays.fill(words, i * 0x9e3779b97f4a7c15L);
                    message.clear().asLongBuffer().put(words);
                    writer.write((int) i, message, 0, 8 * (1 + (int) i % 8));
                }
            }
        });
        sender.start();
        long[] read = new long[1];
        while (sender.isAlive() || !reader.isEmpty()) {
            reader.read((type, from, offset, length) -> {
                read[0]++;
                requireWhole(type, from, length);
            }, 64);
        }
        sender.join();

        assertThat(read[0] + reader.lost()).isEqualTo(count);
        assertThat(reader.lost()).as("the hunt is of no use if nobody was ever lapped").isPositive();
    }

    private static void requireWhole(int type, ByteBuffer from, int length) {
        if (length != 8 * (1 + type % 8)) {
            throw new AssertionError("message " + type + " has length " + length);
        }
        for (int at = 0; at < length; at += 8) {
            if (from.getLong(at) != type * 0x9e3779b97f4a7c15L) {
                throw new AssertionError("message " + type + " is torn at " + at);
            }
        }
    }
}
