package io.vnfkit.ivshmem.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vnfkit.ivshmem.manifest.RegionFullException;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableBusyException;
import io.vnfkit.ivshmem.table.TableCounter;
import io.vnfkit.ivshmem.table.TableEntry;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableWriter;
import java.util.Random;

/** Writer and reader of a table. */
public final class TableTarget extends RegionTarget {

    private static final String NAME = "settings";

    private final SharedTable table;

    public TableTarget() {
        super(NAME);
        table = SharedTable.create(region, NAME, new TableGeometry(8, 10, 40), "test");
        guard();
    }

    private static byte[] key(Random random) {
        return ("key-" + random.nextInt(12)).getBytes(UTF_8);
    }

    @Override
    public void use(Random random) {
        TableReader reader = opened(table::reader);
        try (TableWriter writer = opened(table::writer)) {
            for (int round = 0; round < 3; round++) {
                write(writer, random);
                read(reader, random);
            }
        }
    }

    private static void write(TableWriter writer, Random random) {
        if (writer == null) {
            return;
        }
        repeat(8, i -> {
            try {
                switch (random.nextInt(4)) {
                    case 0 -> writer.remove(key(random));
                    case 1 -> count(writer, random);
                    default -> writer.put(key(random), new byte[random.nextInt(41)]);
                }
            } catch (RegionFullException documented) {
                // What the saboteur put in counts as well.
                require(documented.getMessage().contains("entries"), "it is not said what is full");
            }
            return true;
        });
    }

    private static void count(TableWriter writer, Random random) {
        try {
            TableCounter counter = writer.counter(key(random));
            counter.add(1);
            counter.set(counter.get());
        } catch (IllegalStateException documented) {
            require(documented.getMessage().contains("counter"), "another exception than of a counter: " + documented);
        }
    }

    private static void read(TableReader reader, Random random) {
        if (reader == null) {
            return;
        }
        repeat(8, i -> {
            try {
                reader.get(key(random)).ifPresent(value -> require(value.length <= 40, "a value is too long"));
                for (TableEntry entry : reader.snapshot().entries()) {
                    require(entry.key().length <= 8 && entry.value().length <= 40, "an entry is too long");
                }
                reader.getLong(key(random));
            } catch (IllegalStateException documented) {
                require(documented.getMessage().contains("bytes, not 8"), "another exception than of no number: " + documented);
            } catch (TableBusyException documented) {
                require(!documented.getMessage().isEmpty(), "it is not said what is busy");
            }
            return true;
        });
    }
}
