package io.vnfkit.ivshmem.table;

import io.vnfkit.ivshmem.Role;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.RegionFullException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Changes a table.
 *
 * <p>A change is written into the cell of its slot that is not valid, and published by one store of the slot's sequence
 * with release order, which makes it the valid one. Before a cell is written a release fence keeps its stores behind the
 * publication of the other one, so a reader that sees any of them sees that the sequence has changed. Then the version is
 * stored. So a change is made whole or not at all, whenever the writer is killed.
 *
 * <p>Not thread-safe: one thread at a time, and one writer per table among all processes.
 */
public final class TableWriter implements AutoCloseable {

    private static final int NONE = -1;

    private final ByteBuffer memory;
    private final TableGeometry geometry;
    private final Role role;
    private int entries;
    private long version;
    private long removals;

    /**
     * Takes over from an earlier writer. A change of it that was published is counted now if it died before it could.
     *
     * @param memory the table, at a multiple of 8
     * @param geometry its layout, from a source that a peer cannot change
     * @param role that of its producer, held by this process; it is given up with this object
     * @throws DamagedRegionException if the table in memory is another one, or contradicts itself
     */
    public TableWriter(ByteBuffer memory, TableGeometry geometry, Role role) {
        geometry.verify(memory);
        this.memory = memory;
        this.geometry = geometry;
        this.role = role;
        for (int slot = 0; slot < geometry.slots(); slot++) {
            entries += TableGeometry.isEntry(lengthsOf(slot)) ? 1 : 0;
        }
        this.version = SharedWords.longAcquire(memory, TableGeometry.CHANGES_AT);
        countChange();
    }

    private void countChange() {
        version++;
        SharedWords.longRelease(memory, TableGeometry.CHANGES_AT, version);
    }

    private int validCell(int slot) {
        return geometry.cellAt(slot, SharedWords.longOpaque(memory, geometry.sequenceAt(slot)));
    }

    private long lengthsOf(int slot) {
        long lengths = SharedWords.longOpaque(memory, validCell(slot));
        geometry.requirePossible(slot, lengths);
        return lengths;
    }

    /** The slot of a key, or NONE. */
    private int find(byte[] key) {
        int slot = geometry.firstSlot(key);
        for (int i = 0; i < geometry.slots(); i++) {
            long lengths = lengthsOf(slot);
            if (lengths == TableGeometry.EMPTY) {
                return NONE;
            }
            if (geometry.hasKey(memory, validCell(slot), lengths, key)) {
                return slot;
            }
            slot = geometry.next(slot);
        }
        return NONE;
    }

    private int freeSlot(byte[] key) {
        int slot = geometry.firstSlot(key);
        for (int i = 0; i < geometry.slots(); i++) {
            if (!TableGeometry.isEntry(lengthsOf(slot))) {
                return slot;
            }
            slot = geometry.next(slot);
        }
        throw new DamagedRegionException("the table has an entry in each of its " + geometry.slots()
                + " slots, though it holds no more than " + geometry.entries());
    }

    /**
     * Puts an entry in, or replaces its value.
     *
     * @param key its key
     * @param value its value
     * @throws RegionFullException if it is a new key and there is no room for it
     * @throws IllegalArgumentException if key or value are too long, or the key is empty
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public void put(byte[] key, byte[] value) {
        geometry.requireKey(key);
        if (value.length > geometry.maxValue()) {
            throw new IllegalArgumentException("values of this table have up to " + geometry.maxValue() + " bytes, not "
                    + value.length);
        }
        int slot = find(key);
        if (slot != NONE) {
            change(slot, TableGeometry.lengths(key.length, value.length), key, value);
        } else {
            requireRoom();
            change(freeSlot(key), TableGeometry.lengths(key.length, value.length), key, value);
            entries++;
        }
        countChange();
    }

    private void requireRoom() {
        if (entries >= geometry.entries()) {
            throw new RegionFullException("the table has " + entries + " entries and room for " + geometry.entries());
        }
    }

    private void change(int slot, long lengths, byte[] key, byte[] value) {
        long sequence = SharedWords.longOpaque(memory, geometry.sequenceAt(slot));
        int cell = geometry.cellAt(slot, sequence + 1);
        VarHandle.releaseFence();
        SharedWords.longOpaque(memory, cell, lengths);
        memory.put(geometry.keyAt(cell), key);
        memory.put(geometry.valueAt(cell), value);
        SharedWords.longRelease(memory, geometry.sequenceAt(slot), sequence + 1);
    }

    /**
     * Puts a text in, or replaces it.
     *
     * @param key its key, as UTF-8
     * @param value its value, as UTF-8
     * @throws RegionFullException if it is a new key and there is no room for it
     * @throws IllegalArgumentException if key or value are too long, or the key is empty
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public void putText(String key, String value) {
        put(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Puts a number in, or replaces it: a value of 8 bytes in the machine's byte order.
     *
     * @param key its key
     * @param value its value
     * @throws RegionFullException if it is a new key and there is no room for it
     * @throws IllegalArgumentException if the key is too long or empty
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public void putLong(byte[] key, long value) {
        put(key, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value).array());
    }

    /**
     * Removes an entry.
     *
     * @param key its key
     * @return whether it was there
     * @throws IllegalArgumentException if the key is too long or empty
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public boolean remove(byte[] key) {
        geometry.requireKey(key);
        int slot = find(key);
        if (slot == NONE) {
            return false;
        }
        removals++;
        entries--;
        clear(slot);
        countChange();
        return true;
    }

    /** Nobody looks further from an empty slot on, so a slot may become empty only if the next one is. */
    private void clear(int slot) {
        byte[] nothing = new byte[0];
        if (lengthsOf(geometry.next(slot)) != TableGeometry.EMPTY) {
            change(slot, TableGeometry.REMOVED, nothing, nothing);
            return;
        }
        change(slot, TableGeometry.EMPTY, nothing, nothing);
        int before = geometry.previous(slot);
        for (int i = 0; i < geometry.slots() && lengthsOf(before) == TableGeometry.REMOVED; i++) {
            change(before, TableGeometry.EMPTY, nothing, nothing);
            before = geometry.previous(before);
        }
    }

    /**
     * A number that is changed in place. It is put in as 0 if the key is new; an earlier writer's goes on.
     *
     * @param key its key
     * @return the counter
     * @throws RegionFullException if it is a new key and there is no room for it
     * @throws IllegalStateException if there is a value under this key that is not of 8 bytes
     * @throws DamagedRegionException if the table cannot be as it is
     */
    public TableCounter counter(byte[] key) {
        geometry.requireKey(key);
        if (find(key) == NONE) {
            putLong(key, 0);
        }
        int slot = slotOf(key);
        numberAt(slot, key);
        return new TableCounter(this, key.clone(), slot);
    }

    long removals() {
        return removals;
    }

    int slotOf(byte[] key) {
        int slot = find(key);
        if (slot == NONE) {
            throw new IllegalStateException("the entry of counter \"" + new String(key, StandardCharsets.UTF_8)
                    + "\" was removed");
        }
        return slot;
    }

    int numberAt(int slot, byte[] key) {
        int cell = validCell(slot);
        if (SharedWords.longOpaque(memory, cell) != TableGeometry.lengths(key.length, Long.BYTES)) {
            throw new IllegalStateException("the value of \"" + new String(key, StandardCharsets.UTF_8)
                    + "\" is not of 8 bytes, so it is no counter");
        }
        return geometry.valueAt(cell);
    }

    long load(int at) {
        return SharedWords.longOpaque(memory, at);
    }

    void store(int at, long value) {
        SharedWords.longRelease(memory, at, value);
    }

    /**
     * How many entries there are.
     *
     * @return at most as many as it has room for
     */
    public int size() {
        return entries;
    }

    /** Gives the writer's side up. Idempotent. */
    @Override
    public void close() {
        role.close();
    }
}
