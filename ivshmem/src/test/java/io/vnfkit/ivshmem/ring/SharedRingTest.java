package io.vnfkit.ivshmem.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SharedRingTest {

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final Region other = TestRegions.attach(region);

    @BeforeEach
    void regionsAreApart() {
        assertThat(region.address()).isNotEqualTo(other.address());
    }

    @AfterEach
    void detach() {
        other.close();
        region.close();
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,4", "3,4", "4,8", "1023,1024", "1024,2048"})
    void sizesArePowersOfTwo(int elements, int size) {
        RingGeometry geometry = RingGeometry.holding(elements, 8, 64);

        assertThat(geometry.size()).isEqualTo(size);
        assertThat(geometry.capacity()).isGreaterThanOrEqualTo(elements);
    }

    @Test
    void theLengthIsThatOfTheNewestDpdk() {
        assertThat(RingGeometry.holding(1023, 8, 64).length()).isEqualTo(8640);
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> RingGeometry.holding(0, 8, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingGeometry.holding(1 << 24, 8, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingGeometry.holding(4, 12, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingGeometry.holding(4, 8, 32)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void elementsComeOutAsTheyWentInOverManyLaps() {
        SharedRing.create(region, "ring", 7, "");
        try (RingProducer producer = SharedRing.open(region, "ring").producer();
                RingConsumer consumer = SharedRing.open(other, "ring").consumer()) {
            long[] taken = new long[3];
            for (long i = 0; i < 1000; i++) {
                assertThat(producer.offer(2 * i)).isTrue();
                assertThat(producer.offer(2 * i + 1)).isTrue();
                assertThat(consumer.size()).isEqualTo(2);
                assertThat(consumer.poll(taken, 1, 2)).isEqualTo(2);
                assertThat(taken).containsExactly(0, 2 * i, 2 * i + 1);
            }
            assertThat(consumer.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 64})
    void elementsOfAnySizeWrapInTwoPieces(int elementSize) {
        int words = elementSize / 8;
        SharedRing ring = SharedRing.create(region, "ring" + elementSize, 7, elementSize, "");
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            long next = 0;
            long expected = 0;
            Random random = new Random(1);
            long[] buffer = new long[7 * words];
            for (int round = 0; round < 500; round++) {
                int count = 1 + random.nextInt(7);
                for (int i = 0; i < count * words; i++) {
                    buffer[i] = next + i;
                }
                next += (long) producer.offer(buffer, 0, count) * words;
                int taken = consumer.poll(buffer, 0, 1 + random.nextInt(7));
                for (int i = 0; i < taken * words; i++) {
                    assertThat(buffer[i]).isEqualTo(expected++);
                }
            }
        }
    }

    @Test
    void aFullRingTakesNoMore() {
        SharedRing ring = SharedRing.create(region, "ring", 3, "");
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            long[] four = {1, 2, 3, 4};
            assertThat(producer.offerAll(four, 0, 4)).isFalse();
            assertThat(producer.size()).isZero();
            assertThat(producer.offer(four, 0, 4)).isEqualTo(3);
            assertThat(producer.offer(5)).isFalse();
            assertThat(producer.offer(four, 0, 1)).isZero();
            assertThat(consumer.poll(four, 0, 1)).isEqualTo(1);
            assertThat(producer.offer(5)).isTrue();
            assertThat(producer.size()).isEqualTo(3);
        }
    }

    @Test
    void indexesThatWrapAt32BitsAreRight() {
        RingGeometry geometry = RingGeometry.holding(7, 8, 64);
        ByteBuffer memory = ByteBuffer.allocateDirect(geometry.length() + 64).alignedSlice(64).order(ByteOrder.nativeOrder());
        geometry.initialize(memory, "wrap");
        for (int at : new int[] {128, 132, 256, 260}) {
            memory.putInt(at, -3);
        }
        RingProducer producer = new RingProducer(memory, geometry, Role.UNBOUND);
        RingConsumer consumer = new RingConsumer(memory, geometry, Role.UNBOUND);
        long[] elements = LongStream.range(0, 7).toArray();

        for (int i = 0; i < 3; i++) {
            assertThat(producer.offer(elements, 0, 7)).isEqualTo(7);
            assertThat(producer.offer(9)).isFalse();
            long[] taken = new long[7];
            assertThat(consumer.poll(taken, 0, 7)).isEqualTo(7);
            assertThat(taken).isEqualTo(elements);
        }
    }

    @Test
    void oneProducerAndOneConsumerAmongAll() {
        SharedRing.create(region, "ring", 7, "");
        RingProducer producer = SharedRing.open(region, "ring").producer();

        assertThatThrownBy(() -> SharedRing.open(other, "ring").producer()).isInstanceOf(RegionException.class);
        assertThat(producer.isPeerPresent()).isFalse();
        try (RingConsumer consumer = SharedRing.open(other, "ring").consumer()) {
            assertThat(producer.isPeerPresent()).isTrue();
            assertThat(consumer.isPeerPresent()).isTrue();
        }
        producer.close();
        SharedRing.open(other, "ring").producer().close();
    }

    @Test
    void whoTakesOverRepairsItsSide() {
        SharedRing ring = SharedRing.create(region, "ring", 7, "");
        RingProducer producer = ring.producer();
        producer.offer(new long[] {1, 2}, 0, 2);
        producer.close();
        ByteBuffer memory = region.window(ring.object());
        // As a process leaves it that dies between claiming a place and publishing it, or taking and freeing it.
        memory.putInt(128, 5);
        memory.putInt(256, 1);

        try (RingProducer next = ring.producer(); RingConsumer consumer = ring.consumer()) {
            assertThat(memory.getInt(128)).isEqualTo(2);
            assertThat(memory.getInt(256)).isZero();
            next.offer(3);
            long[] taken = new long[7];
            assertThat(consumer.poll(taken, 0, 7)).isEqualTo(3);
            assertThat(taken).startsWith(1, 2, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"48,size", "52,mask", "56,capacity", "136,prod.sync_type", "264,cons.sync_type"})
    void aRingThatIsNotWhatTheDirectorySaysIsRefused(int at, String what) {
        SharedRing ring = SharedRing.create(region, "ring", 7, "");
        region.window(ring.object()).putInt(at, 99);

        assertThatThrownBy(ring::producer).isInstanceOf(DamagedRegionException.class).hasMessageContaining(what + " 99");
        assertThatThrownBy(ring::consumer).isInstanceOf(DamagedRegionException.class);
        assertThat(region.dump().entries().get(0).producer()).isFalse();
    }

    @Test
    void aRingThatLiesAtNoCacheLineIsAnException() {
        RingGeometry geometry = RingGeometry.holding(7, 8, 64);
        region.create("odd", ObjectType.ZONE, 3, 1, Geometry.NONE, "", placed -> {});
        region.create("ring", ObjectType.RING, geometry.length(), 1, new Geometry(8, 8, 0), "",
                placed -> geometry.initialize(region.window(placed), "ring"));

        assertThatThrownBy(() -> SharedRing.open(region, "ring")).isInstanceOf(DamagedRegionException.class)
                .hasMessageContaining("at a multiple of 64");
    }

    @Test
    void impossibleIndexesOfThePeerAreExceptions() {
        SharedRing ring = SharedRing.create(region, "ring", 7, "");
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            ByteBuffer memory = region.window(ring.object());
            memory.putInt(132, 8);
            assertThatThrownBy(() -> consumer.poll(new long[1], 0, 1)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("the producer is said to be at 8");
            memory.putInt(132, -1);
            assertThatThrownBy(consumer::size).isInstanceOf(DamagedRegionException.class);
            memory.putInt(260, 1);
            assertThatThrownBy(producer::size).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("the consumer is said to be at 1");
        }
    }

    @Test
    void sizesInMemoryAreNotUsedAfterwards() {
        SharedRing ring = SharedRing.create(region, "ring", 7, "");
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            ByteBuffer memory = region.window(ring.object());
            memory.putInt(48, 1 << 30).putInt(52, -1).putInt(56, -1);

            long[] taken = new long[8];
            assertThat(producer.offer(LongStream.range(0, 8).toArray(), 0, 8)).isEqualTo(7);
            assertThat(consumer.poll(taken, 0, 8)).isEqualTo(7);
        }
    }

    @Test
    void nothingIsLostBetweenTwoThreads() throws Exception {
        int count = 2_000_000;
        SharedRing.create(region, "ring", 255, "");
        try (RingProducer producer = SharedRing.open(region, "ring").producer();
                RingConsumer consumer = SharedRing.open(other, "ring").consumer()) {
            Thread sender = new Thread(() -> {
                long[] batch = new long[32];
                long next = 0;
                while (next < count) {
                    int wanted = (int) Math.min(1 + next % 32, count - next);
                    for (int i = 0; i < wanted; i++) {
                        batch[i] = next + i;
                    }
                    int taken = producer.offer(batch, 0, wanted);
                    next += taken;
                    if (taken == 0) {
                        Thread.yield();
                    }
                }
            });
            sender.start();
            long[] batch = new long[64];
            long expected = 0;
            while (expected < count) {
                int taken = consumer.poll(batch, 0, batch.length);
                for (int i = 0; i < taken; i++) {
                    if (batch[i] != expected++) {
                        throw new AssertionError("element " + (expected - 1) + " is " + batch[i]);
                    }
                }
                if (taken == 0) {
                    Thread.yield();
                }
            }
            sender.join();
            assertThat(consumer.isEmpty()).isTrue();
        }
    }
}
