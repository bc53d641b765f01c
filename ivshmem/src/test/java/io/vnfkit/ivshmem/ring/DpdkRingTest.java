package io.vnfkit.ivshmem.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.ring.DpdkRings.Model;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings that a process of DPDK and this one share, each with its own code. */
@RequiresCommand(value = "gcc", debianPackage = "gcc libc6-dev")
@RequiresCommand(value = "pkg-config", debianPackage = "pkgconf")
@RequiresLibrary(value = "librte_ring.so", debianPackage = "libdpdk-dev")
@Timeout(240)
class DpdkRingTest {

    private static final String NAME = "ring";
    private static final int CAPACITY = 255;
    private static final int MOST = 64;
    private static final long ELEMENTS = 3_000_000;
    /** Some laps before the indexes of 32 bits begin at 0 again. */
    private static final long ALMOST_2_TO_32 = (1L << 32) - 1000;

    @TempDir
    private static Path directory;

    private static final Map<Model, Path> PROGRAMS = new EnumMap<>(Model.class);

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final List<DpdkRings> processes = new ArrayList<>();

    /** Who makes the ring. */
    enum Maker { JAVA, DPDK }

    @BeforeAll
    static void compile() {
        for (Model model : Model.values()) {
            PROGRAMS.put(model, DpdkRings.compile(directory, model));
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (DpdkRings process : processes) {
            process.close();
        }
        region.close();
    }

    private DpdkRings dpdk(Model model) throws IOException {
        DpdkRings process = DpdkRings.attach(PROGRAMS.get(model), region);
        processes.add(process);
        return process;
    }

    private DpdkRings dpdk() throws IOException {
        return dpdk(Model.FENCES);
    }

    /** A ring whose directory entry is Java's, and whose memory is either's. */
    private SharedRing ring(DpdkRings dpdk, String name, Maker maker, int elementSize) throws IOException {
        SharedRing made = SharedRing.create(region, name, CAPACITY, elementSize, "test");
        if (maker == Maker.DPDK) {
            region.window(made.object()).put(0, new byte[made.geometry().length()]);
            assertThat(dpdk.number("init", made.object().offset(), CAPACITY + 1, DpdkRings.SINGLE_SINGLE)).isZero();
        }
        return SharedRing.open(region, name);
    }

    @Test
    void fieldsLieWhereTheHeaderHasThem() throws IOException {
        RingGeometry geometry = RingGeometry.holding(CAPACITY, 8, 64);

        assertThat(dpdk().numbers("layout")).isEqualTo(Map.ofEntries(
                field("flags", RingGeometry.FLAGS_AT), field("size", RingGeometry.SIZE_AT),
                field("mask", RingGeometry.MASK_AT), field("capacity", RingGeometry.CAPACITY_AT),
                field("prod.head", geometry.producerHeadAt()), field("prod.tail", geometry.producerTailAt()),
                field("prod.sync_type", geometry.producerHeadAt() + 8), field("cons.head", geometry.consumerHeadAt()),
                field("cons.tail", geometry.consumerTailAt()), field("cons.sync_type", geometry.consumerHeadAt() + 8),
                field("table", geometry.tableAt())));
    }

    private static Map.Entry<String, Long> field(String name, int at) {
        return Map.entry(name, (long) at);
    }

    @ParameterizedTest
    @CsvSource({"8,2", "8,1024", "16,256", "24,4", "64,65536"})
    void thereIsRoomForTheRingOfAnyRelease(int elementSize, int slots) throws IOException {
        int needed = dpdk().number("length", elementSize, slots);

        // Releases after 25.07 want a cache line more.
        assertThat(RingGeometry.holding(slots - 1, elementSize, 64).length()).isBetween(needed, needed + 64);
    }

    @Test
    void bothMakeTheSameRing() throws IOException {
        DpdkRings dpdk = dpdk();
        SharedRing ours = ring(dpdk, "ours", Maker.JAVA, 8);
        SharedRing theirs = ring(dpdk, "theirs", Maker.DPDK, 8);

        // All but the name, which is the maker's.
        assertThat(region.window(ours.object()).slice(32, ours.geometry().tableAt() - 32))
                .isEqualTo(region.window(theirs.object()).slice(32, theirs.geometry().tableAt() - 32));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4 | 3, 8, 0x10 | 1, 0x20, 0x40 | 1})
    void ringsWithOtherRulesAreRefused(int flags) throws IOException {
        SharedRing ring = SharedRing.create(region, NAME, CAPACITY, "test");
        assertThat(dpdk().number("init", ring.object().offset(), CAPACITY + 1, flags)).isZero();

        assertThatThrownBy(() -> SharedRing.open(region, NAME).producer()).isInstanceOf(DamagedRegionException.class);
        assertThatThrownBy(() -> SharedRing.open(region, NAME).consumer()).isInstanceOf(DamagedRegionException.class);
    }

    private static Stream<Arguments> makersAndSizes() {
        return Stream.of(Maker.values()).flatMap(maker -> Stream.of(8, 16, 24, 64).map(size -> Arguments.of(maker, size)));
    }

    @ParameterizedTest
    @MethodSource("makersAndSizes")
    void dpdkTakesWhatJavaPutsThere(Maker maker, int elementSize) throws IOException {
        DpdkRings dpdk = dpdk();
        SharedRing ring = ring(dpdk, NAME, maker, elementSize);
        long offset = ring.object().offset();
        assertThat(dpdk.number("begin", offset, ALMOST_2_TO_32)).isZero();
        int words = elementSize / 8;
        long[] elements = new long[CAPACITY * words];
        long next = 0;
        long expected = 0;
        try (RingProducer producer = ring.producer()) {
            for (int round = 0; round < 200; round++) {
                int count = 1 + round % MOST;
                DpdkRings.fill(elements, words, next, count);
                int put = producer.offer(elements, 0, count);
                next += put;
                assertThat(dpdk.numbers("state", offset)).containsAllEntriesOf(Map.of("count", next - expected,
                        "free", CAPACITY - (next - expected), "full", next - expected == CAPACITY ? 1L : 0L,
                        "prod.head", wrapped(next), "prod.tail", wrapped(next)));
                expected += dpdk.number("take", offset, elementSize, expected, 1 + round * 7 % MOST, "burst");
                assertThat(producer.size()).isEqualTo((int) (next - expected));
            }
            expected += dpdk.number("take", offset, elementSize, expected, MOST, "burst");
            while (expected < next) {
                expected += dpdk.number("take", offset, elementSize, expected, 1, "bulk");
            }
            assertThat(dpdk.number("take", offset, elementSize, expected, 1, "burst")).isZero();
            assertThat(dpdk.numbers("state", offset)).containsEntry("empty", 1L);
        }
        assertThat(ALMOST_2_TO_32 + next).isGreaterThan(1L << 32);
    }

    @ParameterizedTest
    @MethodSource("makersAndSizes")
    void javaTakesWhatDpdkPutsThere(Maker maker, int elementSize) throws IOException {
        DpdkRings dpdk = dpdk();
        SharedRing ring = ring(dpdk, NAME, maker, elementSize);
        long offset = ring.object().offset();
        assertThat(dpdk.number("begin", offset, ALMOST_2_TO_32)).isZero();
        int words = elementSize / 8;
        long[] elements = new long[CAPACITY * words];
        long next = 0;
        long expected = 0;
        try (RingConsumer consumer = ring.consumer()) {
            for (int round = 0; round < 200; round++) {
                next += dpdk.number("put", offset, elementSize, next, 1 + round % MOST, "burst");
                assertThat(consumer.size()).isEqualTo((int) (next - expected));
                int taken = consumer.poll(elements, 0, 1 + round * 7 % MOST);
                DpdkRings.check(elements, words, expected, taken);
                expected += taken;
                assertThat(dpdk.numbers("state", offset)).containsAllEntriesOf(Map.of("count", next - expected,
                        "cons.head", wrapped(expected), "cons.tail", wrapped(expected)));
            }
            int taken = consumer.poll(elements, 0, CAPACITY);
            DpdkRings.check(elements, words, expected, taken);
            assertThat(expected + taken).isEqualTo(next);
            assertThat(consumer.isEmpty()).isTrue();
        }
        assertThat(ALMOST_2_TO_32 + next).isGreaterThan(1L << 32);
    }

    private static long wrapped(long index) {
        return ALMOST_2_TO_32 + index & 0xffff_ffffL;
    }

    @Test
    void fullIsFullForBoth() throws IOException {
        DpdkRings dpdk = dpdk();
        SharedRing ring = ring(dpdk, NAME, Maker.JAVA, 8);
        long offset = ring.object().offset();
        long[] elements = new long[CAPACITY + 1];
        DpdkRings.fill(elements, 1, 0, CAPACITY + 1);
        try (RingProducer producer = ring.producer()) {
            assertThat(producer.offer(elements, 0, CAPACITY + 1)).isEqualTo(CAPACITY);
        }

        assertThat(dpdk.number("put", offset, 8, CAPACITY, 1, "burst")).isZero();
        assertThat(dpdk.numbers("state", offset)).containsEntry("full", 1L).containsEntry("free", 0L);
        assertThat(dpdk.number("take", offset, 8, 0, 10, "bulk")).isEqualTo(10);
        assertThat(dpdk.number("put", offset, 8, CAPACITY, 11, "bulk")).isZero();
        assertThat(dpdk.number("put", offset, 8, CAPACITY, 11, "burst")).isEqualTo(10);
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            assertThat(producer.offer(1)).isFalse();
            assertThat(consumer.poll(elements, 0, CAPACITY + 1)).isEqualTo(CAPACITY);
            DpdkRings.check(elements, 1, 10, CAPACITY);
        }
        assertThat(dpdk.number("take", offset, 8, 0, 1, "bulk")).isZero();
    }

    @Test
    void eachTakesOverFromTheOther() throws IOException {
        DpdkRings dpdk = dpdk();
        SharedRing ring = ring(dpdk, NAME, Maker.DPDK, 8);
        long offset = ring.object().offset();
        long[] elements = new long[2];
        for (long number = 0; number < 1000; number += 4) {
            try (RingProducer producer = ring.producer()) {
                DpdkRings.fill(elements, 1, number, 2);
                assertThat(producer.offerAll(elements, 0, 2)).isTrue();
            }
            assertThat(dpdk.number("put", offset, 8, number + 2, 2, "bulk")).isEqualTo(2);
            assertThat(dpdk.number("take", offset, 8, number, 2, "bulk")).isEqualTo(2);
            try (RingConsumer consumer = ring.consumer()) {
                assertThat(consumer.poll(elements, 0, 2)).isEqualTo(2);
                DpdkRings.check(elements, 1, number + 2, 2);
            }
        }
    }

    private static Stream<Arguments> models() {
        return Stream.of(Model.values()).flatMap(model -> makersAndSizes().map(each ->
                Arguments.of(model, each.get()[0], each.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("models")
    void nothingIsLostBothWaysAtOnce(Model model, Maker maker, int elementSize) throws Exception {
        DpdkRings sink = dpdk(model);
        DpdkRings source = dpdk(model);
        SharedRing there = ring(sink, "there", maker, elementSize);
        SharedRing back = ring(source, "back", maker, elementSize);
        sink.number("begin", there.object().offset(), ALMOST_2_TO_32);
        source.number("begin", back.object().offset(), ALMOST_2_TO_32);
        try (RingProducer producer = there.producer(); RingConsumer consumer = back.consumer()) {
            CompletableFuture<String> taken = sink.begin("consume", there.object().offset(), elementSize, 0, ELEMENTS);
            CompletableFuture<String> put = source.begin("produce", back.object().offset(), elementSize, 0, ELEMENTS);
            exchange(producer, consumer, elementSize / 8, taken, put);

            assertThat(taken.get()).isEqualTo(Long.toString(ELEMENTS));
            assertThat(put.get()).isEqualTo(Long.toString(ELEMENTS));
            assertThat(producer.size()).isZero();
            assertThat(consumer.isEmpty()).isTrue();
        }
    }

    /** All of it from one thread: what one ring has no room for waits until something has come over the other. */
    private static void exchange(RingProducer producer, RingConsumer consumer, int words,
            CompletableFuture<String> theirTaking, CompletableFuture<String> theirPutting) {
        long[] elements = new long[CAPACITY * words];
        long sent = 0;
        long received = 0;
        while (sent < ELEMENTS || received < ELEMENTS) {
            int count = (int) Math.min(1 + sent % MOST, ELEMENTS - sent);
            DpdkRings.fill(elements, words, sent, count);
            int put = producer.offer(elements, 0, count);
            int taken = consumer.poll(elements, 0, (int) (1 + received % CAPACITY));
            DpdkRings.check(elements, words, received, taken);
            sent += put;
            received += taken;
            if (put + taken == 0) {
                requireAlive(theirTaking);
                requireAlive(theirPutting);
                Thread.yield();
            }
        }
    }

    private static void requireAlive(CompletableFuture<String> work) {
        if (work.isCompletedExceptionally()) {
            work.join();
        }
    }
}
