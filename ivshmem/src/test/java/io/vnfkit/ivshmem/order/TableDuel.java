package io.vnfkit.ivshmem.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vnfkit.ivshmem.crash.Numbered;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableEntry;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableSnapshot;
import io.vnfkit.ivshmem.table.TableWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values that are whole, and snapshots that are the table as it was once. */
public final class TableDuel extends RegionDuel {

    private static final int KEYS = 5;

    private final Numbered numbered = new Numbered(40);
    private final TableWriter writer;
    private final TableReader reader;
    private final List<Map<String, Long>> states = new ArrayList<>(List.of(Map.of()));
    private final Map<String, Long> newest = new HashMap<>();
    private long changes;
    private int turns;

    public TableDuel() {
        SharedTable table = SharedTable.create(region, "settings", new TableGeometry(8, 6, 40), "test");
        writer = table.writer();
        reader = table.reader();
    }

    @Override
    public void write() {
        Map<String, Long> state = new HashMap<>(states.get(states.size() - 1));
        String key = "k" + changes * 7 % KEYS;
        if (changes % 4 == 3) {
            writer.remove(key.getBytes(UTF_8));
            state.remove(key);
        } else {
            writer.put(key.getBytes(UTF_8), numbered.message(changes));
            state.put(key, changes);
        }
        changes++;
        states.add(state);
    }

    @Override
    public void read() {
        if (turns++ % 3 == 0) {
            snapshot();
            return;
        }
        String key = "k" + turns % KEYS;
        reader.get(key.getBytes(UTF_8)).ifPresent(value -> {
            long number = numbered.numberOf(value);
            require(number * 7 % KEYS == key.charAt(1) - '0', number + " is the value of another key than " + key);
            require(number >= newest.getOrDefault(key, 0L), "an older value of " + key + " came behind a newer one");
            newest.put(key, number);
        });
    }

    private Map<String, Long> snapshot() {
        TableSnapshot snapshot = reader.snapshot();
        Map<String, Long> found = new HashMap<>();
        for (TableEntry entry : snapshot.entries()) {
            found.put(entry.keyText(), numbered.numberOf(entry.value()));
        }
        require(!snapshot.isOfOneMoment() || states.contains(found), "the table was never " + found);
        return found;
    }

    @Override
    public void finish() {
        Map<String, Long> last = states.get(states.size() - 1);
        require(snapshot().equals(last), "in the end the table is not " + last);
    }
}
