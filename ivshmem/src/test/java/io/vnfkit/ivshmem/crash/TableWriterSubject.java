package io.vnfkit.ivshmem.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableEntry;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableSnapshot;
import io.vnfkit.ivshmem.table.TableWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A table is always as it was between two changes; what is read while it is changed is whole. */
final class TableWriterSubject implements Subject {

    private static final String NAME = "settings";
    private static final int KEYS = 20;

    private final Numbered numbered = new Numbered(60);
    private final Map<String, Long> expected = new HashMap<>();
    private TableReader reader;
    private long done;
    private long newest;
    private int look;

    private static String key(long number) {
        return "key-" + number * 7919 % KEYS;
    }

    private static boolean isRemoval(long number) {
        return number * 31 % 5 == 0;
    }

    @Override
    public void work(Region region, long from) {
        TableWriter writer = SharedTable.open(region, NAME).writer();
        for (long number = from; ; number++) {
            if (isRemoval(number)) {
                writer.remove(key(number).getBytes(UTF_8));
            } else {
                writer.put(key(number).getBytes(UTF_8), numbered.message(number));
            }
        }
    }

    @Override
    public void make(Region region) {
        SharedTable table = SharedTable.create(region, NAME, new TableGeometry(16, KEYS, 64), "test");
        reader = table.reader();
    }

    @Override
    public long watch() {
        String key = "key-" + look++ % KEYS;
        Optional<byte[]> value = reader.get(key.getBytes(UTF_8));
        if (value.isPresent()) {
            long number = numbered.numberOf(value.get());
            Subject.require(key(number).equals(key), number + " is the value of another key than " + key);
            newest = Math.max(newest, number);
        }
        return newest;
    }

    @Override
    public long settle() {
        Subject.require(!reader.isPeerPresent(), "the dead writer is said to be there");
        TableSnapshot snapshot = reader.snapshot();
        Subject.require(snapshot.isOfOneMoment(), "a table that nobody changes is not of one moment");
        Map<String, Long> found = new HashMap<>();
        for (TableEntry entry : snapshot.entries()) {
            Subject.require(found.put(entry.keyText(), numbered.numberOf(entry.value())) == null, entry + " is there twice");
            newest = Math.max(newest, found.get(entry.keyText()));
        }
        // Behind the newest value there may be removals; there are never two in a row.
        while (done <= newest || !found.equals(expected) && done < newest + 3) {
            change(done++);
        }
        Subject.require(found.equals(expected), found + " is not " + expected);
        return done;
    }

    private void change(long number) {
        if (isRemoval(number)) {
            expected.remove(key(number));
        } else {
            expected.put(key(number), number);
        }
    }

    @Override
    public void close() {
        // A reader holds nothing.
    }
}
