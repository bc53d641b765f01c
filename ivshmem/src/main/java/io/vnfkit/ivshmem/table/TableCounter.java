package io.vnfkit.ivshmem.table;

/**
 * A number in a table that its writer changes often: one load and one store, no copy. Readers see each value whole.
 * Not thread-safe: for the thread of its {@link TableWriter}.
 */
public final class TableCounter {

    private final TableWriter writer;
    private final byte[] key;
    private int slot;
    private long removals;

    TableCounter(TableWriter writer, byte[] key, int slot) {
        this.writer = writer;
        this.key = key;
        this.slot = slot;
        this.removals = writer.removals();
    }

    /**
     * Changes it.
     *
     * @param amount what is added
     * @throws IllegalStateException if its entry was removed, or is no number any more
     */
    public void add(long amount) {
        int at = at();
        writer.store(at, writer.load(at) + amount);
    }

    /**
     * Changes it.
     *
     * @param value what it becomes
     * @throws IllegalStateException if its entry was removed, or is no number any more
     */
    public void set(long value) {
        writer.store(at(), value);
    }

    /**
     * What it is.
     *
     * @return the value
     * @throws IllegalStateException if its entry was removed, or is no number any more
     */
    public long get() {
        return writer.load(at());
    }

    private int at() {
        if (removals != writer.removals()) {
            slot = writer.slotOf(key);
            removals = writer.removals();
        }
        return writer.numberAt(slot, key);
    }
}
