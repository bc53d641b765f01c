package io.vnfkit.ivshmem.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableCounter;
import io.vnfkit.ivshmem.table.TableEntry;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableWriter;
import io.vnfkit.unit.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Writers of a table are killed; the table is as before their last change or as behind it. */
public final class TableLife extends RegionLife {

    private static final String NAME = "settings";
    private static final String COUNTER = "counter";
    private static final int KEYS = 10;

    private final SharedTable table;
    private final TableReader reader;
    private final Random random;
    private Map<String, String> before = new HashMap<>();
    private Map<String, String> after = new HashMap<>();
    private Map<String, String> seen = new HashMap<>();
    private long version = -1;
    private int value;

    public TableLife(int variant) {
        super(Bytes.kibibytes(16));
        table = SharedTable.create(region, NAME, new TableGeometry(16, 8, 40), "test");
        reader = table.reader();
        random = new Random(variant);
        try (TableWriter writer = table.writer()) {
            for (int i = 0; i < variant * 2; i++) {
                change(writer);
            }
        }
        survivors();
    }

    /** A counter, too, as a change that nobody numbers. */
    private void change(TableWriter writer) {
        String key = "key-" + random.nextInt(KEYS);
        after = new HashMap<>(before);
        Accesses.fullFence();
        if (random.nextInt(4) == 0 && (before.containsKey(COUNTER) || before.size() < 8)) {
            after.merge(COUNTER, "1", (old, one) -> String.valueOf(Long.parseLong(old) + 1));
            count(writer);
        } else if (before.containsKey(key) && random.nextInt(2) == 0) {
            after.remove(key);
            require(writer.remove(key.getBytes(UTF_8)), key + " was not there to be removed");
        } else if (before.containsKey(key) || before.size() < 8) {
            String text = String.valueOf(value++).repeat(1 + random.nextInt(8));
            after.put(key, text);
            writer.putText(key, text);
        }
        before = after;
        Accesses.fullFence();
    }

    /** One that is new is there as 0 before it is 1. */
    private void count(TableWriter writer) {
        if (!before.containsKey(COUNTER)) {
            Map<String, String> one = after;
            after = new HashMap<>(before);
            after.put(COUNTER, "0");
            writer.counter(COUNTER.getBytes(UTF_8));
            before = after;
            after = one;
            Accesses.fullFence();
        }
        TableCounter counter = writer.counter(COUNTER.getBytes(UTF_8));
        counter.add(1);
    }

    @Override
    public void prepare() {
        look(false);
    }

    @Override
    public void victim() {
        TableWriter writer = SharedTable.open(newVictim(), NAME).writer();
        for (int i = 0; i < 5; i++) {
            change(writer);
        }
    }

    @Override
    public void survivors() {
        look(false);
    }

    /** The last change of a dead writer is counted when another one takes over. */
    private void look(boolean isCounted) {
        Map<String, String> found = snapshot();
        require(found.equals(before) || found.equals(after), found + " is neither " + before + " nor " + after);
        for (int i = 0; i < KEYS; i++) {
            String key = "key-" + i;
            require(Objects.equals(reader.getText(key).orElse(null), found.get(key)), key + " is not found");
        }
        boolean isChanged = !found.keySet().equals(seen.keySet());
        require(!isCounted || !isChanged || reader.version() != version, found + " has the version that " + seen + " had");
        before = found;
        after = found;
        seen = found;
        version = reader.version();
    }

    private Map<String, String> snapshot() {
        Map<String, String> found = new HashMap<>();
        for (TableEntry entry : reader.snapshot().entries()) {
            String value = entry.keyText().equals(COUNTER) ? String.valueOf(entry.valueLong()) : entry.valueText();
            require(found.put(entry.keyText(), value) == null, entry + " is there twice");
        }
        return found;
    }

    @Override
    public void finish() {
        try (TableWriter writer = table.writer()) {
            look(true);
            require(writer.size() == before.size(), "the writer says that there are " + writer.size() + " entries");
            for (int i = 0; i < 20; i++) {
                change(writer);
                look(true);
            }
        }
    }
}
