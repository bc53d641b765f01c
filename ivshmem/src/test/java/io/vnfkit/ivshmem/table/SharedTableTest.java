package io.vnfkit.ivshmem.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.RegionFullException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SharedTableTest {

    private static final TableGeometry GEOMETRY = new TableGeometry(16, 20, 64);

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final Region other = Region.attach(region.descriptor(), Access.READ_ONLY);
    private final SharedTable table = SharedTable.create(region, "settings", GEOMETRY, "test");
    private final ByteBuffer memory = region.window(table.object());

    @AfterEach
    void detach() {
        other.close();
        region.close();
    }

    private TableReader reader() {
        return SharedTable.open(other, "settings").reader();
    }

    private static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void whatIsPutIsFound() {
        try (TableWriter writer = table.writer()) {
            TableReader reader = reader();
            assertThat(reader.get(key("mtu"))).isEmpty();
            writer.putText("mtu", "9000");
            writer.putText("empty", "");
            assertThat(reader.getText("mtu")).contains("9000");
            assertThat(reader.getText("empty")).contains("");
            assertThat(reader.get(key("mt"))).isEmpty();
            writer.putText("mtu", "1500 as before");
            assertThat(reader.getText("mtu")).contains("1500 as before");
            assertThat(writer.remove(key("mtu"))).isTrue();
            assertThat(writer.remove(key("mtu"))).isFalse();
            assertThat(reader.getText("mtu")).isEmpty();
            assertThat(writer.size()).isEqualTo(1);
        }
    }

    @Test
    void itIsWhatAMapWouldBe() {
        Random random = new Random(11);
        Map<String, String> expected = new HashMap<>();
        TableReader reader = reader();
        for (int session = 0; session < 10; session++) {
            try (TableWriter writer = table.writer()) {
                assertThat(writer.size()).isEqualTo(expected.size());
                for (int i = 0; i < 2000; i++) {
                    String key = "k" + random.nextInt(26);
                    if (random.nextInt(3) == 0) {
                        assertThat(writer.remove(key(key))).isEqualTo(expected.remove(key) != null);
                    } else if (expected.containsKey(key) || expected.size() < 20) {
                        writer.putText(key, "v" + i);
                        expected.put(key, "v" + i);
                    } else {
                        assertThatThrownBy(() -> writer.putText(key, "")).isInstanceOf(RegionFullException.class);
                    }
                    String looked = "k" + random.nextInt(26);
                    assertThat(reader.getText(looked).orElse(null)).isEqualTo(expected.get(looked));
                }
                Map<String, String> snapshot = new HashMap<>();
                reader.snapshot().entries().forEach(entry -> snapshot.put(entry.keyText(), entry.valueText()));
                assertThat(snapshot).isEqualTo(expected);
            }
        }
    }

    @Test
    void slotsBecomeEmptyAgain() {
        try (TableWriter writer = table.writer()) {
            for (int i = 0; i < 20; i++) {
                writer.putText("k" + i, "v");
            }
            for (int i = 0; i < 20; i++) {
                writer.remove(key("k" + i));
            }
        }
        for (int slot = 0; slot < GEOMETRY.slots(); slot++) {
            long sequence = memory.getLong(GEOMETRY.sequenceAt(slot));
            assertThat(memory.getLong(GEOMETRY.cellAt(slot, sequence))).isZero();
        }
    }

    @Test
    void theVersionTellsThatSomethingWasChanged() {
        try (TableWriter writer = table.writer()) {
            TableReader reader = reader();
            long version = reader.version();
            writer.putText("a", "1");
            assertThat(reader.version()).isEqualTo(version + 1);
            writer.remove(key("a"));
            writer.remove(key("a"));
            assertThat(reader.version()).isEqualTo(version + 2);
            assertThat(reader.snapshot().version()).isEqualTo(version + 2);
        }
    }

    @Test
    void countersAreChangedInPlace() {
        try (TableWriter writer = table.writer()) {
            TableCounter packets = writer.counter(key("packets"));
            TableReader reader = reader();
            long version = reader.version();
            packets.add(40);
            packets.add(2);
            assertThat(reader.getLong(key("packets"))).hasValue(42);
            assertThat(reader.version()).isEqualTo(version);
            packets.set(7);
            assertThat(packets.get()).isEqualTo(7);
            writer.putLong(key("packets"), 100);
            packets.add(1);
            assertThat(reader.getLong(key("packets"))).hasValue(101);
            assertThat(reader.snapshot().find("packets").orElseThrow().valueLong()).isEqualTo(101);
        }
        try (TableWriter next = table.writer()) {
            assertThat(next.counter(key("packets")).get()).isEqualTo(101);
        }
    }

    @Test
    void aCounterWithoutItsEntryIsAnError() {
        try (TableWriter writer = table.writer()) {
            TableCounter counter = writer.counter(key("a"));
            writer.remove(key("a"));
            writer.putText("other", "x");
            assertThatThrownBy(() -> counter.add(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("\"a\"");
            writer.putLong(key("a"), 5);
            counter.add(1);
            assertThat(counter.get()).isEqualTo(6);
            writer.putText("a", "text");
            assertThatThrownBy(counter::get).isInstanceOf(IllegalStateException.class).hasMessageContaining("not of 8 bytes");
            assertThatThrownBy(() -> writer.counter(key("a"))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> reader().getLong(key("a"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (TableWriter writer = table.writer()) {
            assertThatThrownBy(() -> writer.put(new byte[17], new byte[0])).hasMessageContaining("1 to 16 bytes, not 17");
            assertThatThrownBy(() -> writer.put(new byte[0], new byte[0])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.put(new byte[1], new byte[65])).hasMessageContaining("up to 64 bytes, not 65");
            assertThatThrownBy(() -> reader().get(new byte[17])).isInstanceOf(IllegalArgumentException.class);
            assertThat(reader().snapshot().entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1,8", "4097,1,8", "1,0,8", "1,65537,8", "1,1,7", "1,1,1048577", "1,65536,1048576"})
    void tablesThatCannotBeAreRefused(int key, int entries, int value) {
        assertThatThrownBy(() -> new TableGeometry(key, entries, value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneWriterAmongAll() {
        try (TableWriter writer = table.writer()) {
            assertThat(reader().isPeerPresent()).isTrue();
            assertThatThrownBy(table::writer).isInstanceOf(RegionException.class);
            assertThat(writer.size()).isZero();
        }
        assertThat(reader().isPeerPresent()).isFalse();
    }

    @Test
    void lengthsThatCannotBeAreNamed() {
        try (TableWriter writer = table.writer()) {
            writer.putText("a", "1");
        }
        int slot = GEOMETRY.firstSlot(key("a"));
        memory.putInt(GEOMETRY.cellAt(slot, 1), 17);
        assertThatThrownBy(() -> reader().get(key("a"))).isInstanceOf(DamagedRegionException.class)
                .hasMessageContaining("key of 17 bytes");
        assertThatThrownBy(() -> reader().snapshot()).isInstanceOf(DamagedRegionException.class);
        assertThatThrownBy(table::writer).isInstanceOf(DamagedRegionException.class);
        memory.putInt(GEOMETRY.cellAt(slot, 1), 1).putInt(GEOMETRY.cellAt(slot, 1) + 4, -1);
        assertThatThrownBy(() -> reader().get(key("a"))).isInstanceOf(DamagedRegionException.class)
                .hasMessageContaining("value of -1");
    }

    @Test
    void aTableWithoutAnEmptySlotHangsNobody() {
        for (int slot = 0; slot < GEOMETRY.slots(); slot++) {
            memory.putLong(GEOMETRY.cellAt(slot, 0), TableGeometry.REMOVED);
        }
        assertThat(reader().get(key("a"))).isEmpty();
        try (TableWriter writer = table.writer()) {
            writer.putText("a", "1");
            assertThat(reader().getText("a")).contains("1");
            assertThat(writer.remove(key("a"))).isTrue();
        }
    }

    @Test
    void aTableThatIsNotWhatTheDirectorySaysIsRefused() {
        memory.putInt(16, 21);
        assertThatThrownBy(table::writer).hasMessageContaining("entries of 21, not 20");
        assertThatThrownBy(() -> reader()).isInstanceOf(DamagedRegionException.class);
        memory.putLong(0, 0);
        assertThatThrownBy(() -> reader()).hasMessageContaining("no table");
    }

    @Test
    void valuesAreWholeWhileTheyAreChanged() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        try (TableWriter writer = table.writer()) {
            writer.put(key("a"), value(0));
            writer.put(key("b"), value(0));
            Thread changing = new Thread(() -> changeUntil(isOver, writer));
            changing.start();
            long busy = 0;
            long changes = 0;
            try {
                busy = huntTornValues(reader());
                changes = reader().version();
            } finally {
                isOver.set(true);
                changing.join();
            }
            assertThat(changes).isGreaterThan(10_000);
            assertThat(busy).isLessThan(100_000);
        }
    }

    private static void changeUntil(AtomicBoolean isOver, TableWriter writer) {
        for (long i = 1; !isOver.get(); i++) {
            writer.put(key("a"), value(i));
            writer.put(key("b"), value(i));
            if (i % 16 == 0) {
                writer.remove(key("c"));
                writer.put(key("c"), value(i));
            }
        }
    }

    /** Both of a snapshot of one moment were changed together, or one of them is one step ahead. */
    private static long huntTornValues(TableReader reader) {
        long busy = 0;
        for (int i = 0; i < 300_000; i++) {
            try {
                requireWhole(reader.get(key(i % 2 == 0 ? "a" : "b")).orElseThrow());
                if (i % 16 == 0) {
                    reader.get(key("c")).ifPresent(SharedTableTest::requireWhole);
                    requireOneMoment(reader.snapshot());
                }
            } catch (TableBusyException tooFast) {
                busy++;
            }
        }
        return busy;
    }

    private static void requireOneMoment(TableSnapshot snapshot) {
        snapshot.entries().forEach(entry -> requireWhole(entry.value()));
        long a = first(snapshot.find("a").orElseThrow().value());
        long b = first(snapshot.find("b").orElseThrow().value());
        if (snapshot.isOfOneMoment() && a != b && a != b + 1) {
            throw new AssertionError("a is " + a + " where b is " + b);
        }
    }

    private static byte[] value(long number) {
        ByteBuffer value = ByteBuffer.allocate(8 * (1 + (int) (number % 8))).order(ByteOrder.nativeOrder());
        while (value.hasRemaining()) {
            value.putLong(number);
        }
        return value.array();
    }

    private static long first(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(0);
    }

    private static void requireWhole(byte[] value) {
        assertThat(value).isEqualTo(value(first(value)));
    }
}
