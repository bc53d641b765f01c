package io.vnfkit.ivshmem.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MessageRingTest {

    private static final int RECORDS = 256;

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final Region other = TestRegions.attach(region);
    private final MessageRing ring = MessageRing.create(region, "ring", Bytes.of(1024), "test");
    private final ByteBuffer memory = region.window(ring.object());

    @AfterEach
    void detach() {
        other.close();
        region.close();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> readAll(MessageConsumer consumer) {
        List<byte[]> messages = new ArrayList<>();
        consumer.read((type, from, offset, length) -> {
            byte[] message = new byte[length];
            from.get(offset, message);
            assertThat(type).isEqualTo(length);
            messages.add(message);
        }, Integer.MAX_VALUE);
        return messages;
    }

    @ParameterizedTest
    @CsvSource({"1,1024", "1024,1024", "1025,2048", "1073741823,1073741824", "1073741824,1073741824"})
    void capacitiesArePowersOfTwo(long bytes, int capacity) {
        assertThat(MessageGeometry.holding(bytes).capacity()).isEqualTo(capacity);
        assertThat(MessageGeometry.holding(bytes).maxMessage()).isEqualTo(capacity / 8);
    }

    @Test
    void capacitiesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> MessageGeometry.holding(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MessageGeometry.holding((1L << 30) + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MessageGeometry(3072)).hasMessageContaining("3072");
        assertThatThrownBy(() -> new MessageGeometry(512)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128})
    void messagesOfAnyLengthComeOutAsTheyWentIn(int length) {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = MessageRing.open(other, "ring").consumer()) {
            for (int lap = 0; lap < 100; lap++) {
                byte[] sent = bytes(length + 3, lap);
                byte[] expected = java.util.Arrays.copyOfRange(sent, 3, length + 3);
                assertThat(producer.offer(length, sent, 3, length)).isTrue();
                assertThat(producer.offer(length, ByteBuffer.wrap(sent).position(1), 3, length)).isTrue();
                assertThat(producer.offer(length, ByteBuffer.allocateDirect(length + 3).put(sent), 3, length)).isTrue();

                assertThat(readAll(consumer)).containsExactly(expected, expected, expected);
                assertThat(consumer.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void randomLengthsGoRoundManyTimes() {
        Random random = new Random(7);
        List<byte[]> sent = new ArrayList<>();
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            for (int i = 0; i < 20_000; i++) {
                byte[] message = bytes(random.nextInt(129), i);
                if (producer.offer(message.length, message, 0, message.length)) {
                    sent.add(message);
                } else {
                    List<byte[]> read = readAll(consumer);
                    assertThat(read).hasSameSizeAs(sent);
                    for (int k = 0; k < read.size(); k++) {
                        assertThat(read.get(k)).isEqualTo(sent.get(k));
                    }
                    assertThat(producer.consumerPosition()).isEqualTo(producer.position()).isEqualTo(consumer.position());
                    sent.clear();
                }
            }
            assertThat(producer.position()).isGreaterThan(500L * 1024);
        }
    }

    @Test
    void aClaimIsWrittenInPlaceAndSeenWhenCommitted() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            for (int lap = 0; lap < 200; lap++) {
                assertThat(producer.claim(12)).isTrue();
                assertThat(producer.claimed().remaining()).isEqualTo(12);
                producer.claimed().putLong(lap);
                assertThat(consumer.isEmpty()).isTrue();
                producer.commit(5);
                long expected = lap;
                assertThat(consumer.read((type, from, offset, length) -> {
                    assertThat(type).isEqualTo(5);
                    assertThat(length).isEqualTo(12);
                    assertThat(from.getLong(offset)).isEqualTo(expected);
                }, 1)).isEqualTo(1);
            }
        }
    }

    @Test
    void aClaimThatIsAbortedLeavesNothing() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            for (int i = 0; i < 1000; i++) {
                assertThat(producer.claim(100)).isTrue();
                producer.claimed().putLong(-1);
                producer.abort();
            }
            producer.offer(3, new byte[3], 0, 3);

            assertThat(readAll(consumer)).hasSize(1);
            assertThat(producer.position()).isEqualTo(16);
        }
    }

    @Test
    void aClaimIsOpenOnce() {
        try (MessageProducer producer = ring.producer()) {
            assertThatThrownBy(producer::claimed).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> producer.commit(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(producer::abort).isInstanceOf(IllegalStateException.class);
            producer.claim(8);
            assertThatThrownBy(() -> producer.claim(8)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> producer.offer(1, new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> producer.commit(-1)).isInstanceOf(IllegalArgumentException.class);
            producer.commit(1);
        }
    }

    @Test
    void whatCannotBeAMessageIsRefusedAndChangesNothing() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            assertThatThrownBy(() -> producer.offer(-1, new byte[1], 0, 1)).hasMessageContaining("not negative: -1");
            assertThatThrownBy(() -> producer.offer(1, new byte[200], 0, 129)).hasMessageContaining("0 to 128 bytes, not 129");
            assertThatThrownBy(() -> producer.offer(1, new byte[8], 4, 5)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> producer.claim(-1)).isInstanceOf(IllegalArgumentException.class);

            assertThat(consumer.isEmpty()).isTrue();
            assertThat(producer.position()).isZero();
        }
    }

    @Test
    void aFullRingTakesNoMoreUntilThereIsRoom() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            int sent = 0;
            while (producer.offer(56, new byte[56], 0, 56)) {
                sent++;
            }
            assertThat(sent).isEqualTo(15);
            assertThat(producer.claim(56)).isFalse();
            assertThat(consumer.read((type, from, offset, length) -> {}, 1)).isEqualTo(1);
            assertThat(producer.offer(56, new byte[56], 0, 56)).isTrue();
            assertThat(producer.offer(56, new byte[56], 0, 56)).isFalse();
        }
    }

    @Test
    void positionsAreGivenBackOnceForABatch() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            for (int i = 0; i < 5; i++) {
                producer.offer(8, new byte[8], 0, 8);
            }
            int count = consumer.read((type, from, offset, length) -> assertThat(producer.consumerPosition()).isZero(), 3);

            assertThat(count).isEqualTo(3);
            assertThat(producer.consumerPosition()).isEqualTo(3 * 16);
            assertThat(readAll(consumer)).hasSize(2);
        }
    }

    @Test
    void aMessageWhoseHandlerThrowsCountsAsHandled() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            producer.offer(1, new byte[1], 0, 1);
            producer.offer(2, new byte[2], 0, 2);

            assertThatThrownBy(() -> consumer.read((type, from, offset, length) -> {
                throw new IllegalStateException("handler");
            }, 9)).hasMessage("handler");

            assertThat(readAll(consumer)).containsExactly(new byte[2]);
        }
    }

    @Test
    void aHandlerCannotWriteIntoTheRing() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            producer.offer(1, new byte[1], 0, 1);

            assertThatThrownBy(() -> consumer.read((type, from, offset, length) -> from.put(offset, (byte) 1), 1))
                    .isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void oneProducerAndOneConsumerAmongAll() {
        MessageProducer producer = ring.producer();
        assertThatThrownBy(() -> MessageRing.open(other, "ring").producer()).isInstanceOf(RegionException.class);
        assertThat(producer.isPeerPresent()).isFalse();
        try (MessageConsumer consumer = MessageRing.open(other, "ring").consumer()) {
            assertThat(producer.isPeerPresent()).isTrue();
            assertThat(consumer.isPeerPresent()).isTrue();
        }
        producer.close();
        MessageRing.open(other, "ring").producer().close();
    }

    @Test
    void aNewProducerGoesOnWhereTheMessagesEnd() {
        for (int i = 0; i < 7; i++) {
            try (MessageProducer producer = ring.producer()) {
                assertThat(producer.position()).isEqualTo(i * 136L);
                producer.offer(128, bytes(128, i), 0, 128);
            }
        }
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            assertThat(producer.offer(64, bytes(64, 7), 0, 64)).isFalse();
            assertThat(readAll(consumer)).hasSize(7);
        }
    }

    @Test
    void aNewConsumerBeginsWhereTheLastOnePublished() {
        MessageConsumer first = ring.consumer();
        try (MessageProducer producer = ring.producer()) {
            for (int i = 0; i < 4; i++) {
                producer.offer(i, new byte[i], 0, i);
            }
            first.read((type, from, offset, length) -> {}, 2);
            first.close();
            try (MessageConsumer second = ring.consumer()) {
                assertThat(readAll(second)).containsExactly(new byte[2], new byte[3]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,has length 1", "-5,has length -5", "137,has length 137", "2147483647,has length 2147483647"})
    void aLengthThatCannotBeIsNamed(int length, String message) {
        try (MessageConsumer consumer = ring.consumer()) {
            memory.putInt(RECORDS, length);

            assertThatThrownBy(() -> consumer.read((type, from, offset, count) -> {}, 1))
                    .isInstanceOf(DamagedRegionException.class).hasMessageContaining("position 0").hasMessageContaining(message);
            assertThatThrownBy(ring::producer).isInstanceOf(DamagedRegionException.class).hasMessageContaining(message);
        }
    }

    @Test
    void aRecordOverTheEndIsRefused() {
        memory.putLong(128, 960);
        memory.putLong(RECORDS + 960, 100);
        try (MessageConsumer consumer = ring.consumer()) {
            assertThatThrownBy(() -> consumer.read((type, from, offset, count) -> {}, 1))
                    .isInstanceOf(DamagedRegionException.class).hasMessageContaining("64 are left");
        }
    }

    @Test
    void paddingThatDoesNotEndWithTheRingIsRefused() {
        memory.putLong(RECORDS, MessageGeometry.header(-1, 8));
        try (MessageConsumer consumer = ring.consumer()) {
            assertThatThrownBy(() -> consumer.read((type, from, offset, count) -> {}, 1))
                    .isInstanceOf(DamagedRegionException.class).hasMessageContaining("which padding fills");
        }
    }

    @Test
    void aProducerThatLapsItsConsumerIsRefused() {
        for (int at = 0; at < 1024; at += 128) {
            memory.putLong(RECORDS + at, MessageGeometry.header(1, 120));
        }
        try (MessageConsumer consumer = ring.consumer()) {
            int[] count = new int[1];
            assertThatThrownBy(() -> consumer.read((type, from, offset, length) -> count[0]++, 1000))
                    .isInstanceOf(DamagedRegionException.class).hasMessageContaining("reaches to 1024");
            assertThat(count[0]).isEqualTo(7);
            assertThat(consumer.position()).isEqualTo(7 * 128);
        }
        memory.putLong(128, 0);
        assertThatThrownBy(ring::producer).isInstanceOf(DamagedRegionException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 1024, -8, Long.MAX_VALUE, Long.MIN_VALUE})
    void aConsumersPositionThatCannotBeIsNamed(long position) {
        try (MessageProducer producer = ring.producer()) {
            memory.putLong(128, position);

            assertThatThrownBy(producer::consumerPosition).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("position " + position);
        }
    }

    @Test
    void aConsumerThatGoesBackIsNamed() {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            producer.offer(8, new byte[8], 0, 8);
            readAll(consumer);
            assertThat(producer.consumerPosition()).isEqualTo(16);
            memory.putLong(128, 0);

            assertThatThrownBy(producer::consumerPosition).isInstanceOf(DamagedRegionException.class);
        }
    }

    @Test
    void aRingThatIsNotWhatTheDirectorySaysIsRefused() {
        memory.putInt(12, 2048);
        assertThatThrownBy(ring::producer).hasMessageContaining("capacity 2048");
        memory.putInt(12, 1024).putInt(8, 2);
        assertThatThrownBy(ring::consumer).hasMessageContaining("layout version 2");
        memory.putLong(0, 0);
        assertThatThrownBy(ring::consumer).isInstanceOf(DamagedRegionException.class).hasMessageContaining("no message ring");
        assertThat(region.dump().entries().get(0).consumer()).isFalse();
    }

    @Test
    void aPositionThatIsNoneIsRefusedWhenTakingOver() {
        memory.putLong(128, 4);
        assertThatThrownBy(ring::producer).isInstanceOf(DamagedRegionException.class).hasMessageContaining("multiple of 8");
        assertThatThrownBy(ring::consumer).isInstanceOf(DamagedRegionException.class);
    }

    @Test
    void positionsBeyondFourGibibytesAreRight() {
        MessageGeometry geometry = new MessageGeometry(1024);
        ByteBuffer far = ByteBuffer.allocateDirect(geometry.length() + 8).alignedSlice(8).order(ByteOrder.nativeOrder());
        geometry.initialize(far);
        far.putLong(128, (1L << 40) - 16);
        MessageProducer producer = new MessageProducer(far, geometry, Role.UNBOUND);
        MessageConsumer consumer = new MessageConsumer(far, geometry, Role.UNBOUND);

        for (int i = 0; i < 100; i++) {
            assertThat(producer.offer(100, bytes(100, i), 0, 100)).isTrue();
            assertThat(readAll(consumer)).containsExactly(bytes(100, i));
        }
        assertThat(consumer.position()).isGreaterThan(1L << 40);
    }
}
