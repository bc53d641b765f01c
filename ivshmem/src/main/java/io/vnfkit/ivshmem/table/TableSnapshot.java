package io.vnfkit.ivshmem.table;

import java.util.List;
import java.util.Optional;

/**
 * All entries of a table. Immutable and thread-safe.
 *
 * @param version how many changes it has in it, at least
 * @param isOfOneMoment whether the table was like this at one moment. False if its writer made changes all the time; each
 *     entry is whole even then
 * @param entries the entries, in no order
 */
public record TableSnapshot(long version, boolean isOfOneMoment, List<TableEntry> entries) {

    /** Copies the entries. */
    public TableSnapshot {
        entries = List.copyOf(entries);
    }

    /**
     * Looks for an entry.
     *
     * @param key its key, as UTF-8
     * @return the entry
     */
    public Optional<TableEntry> find(String key) {
        return entries.stream().filter(entry -> entry.keyText().equals(key)).findFirst();
    }
}
