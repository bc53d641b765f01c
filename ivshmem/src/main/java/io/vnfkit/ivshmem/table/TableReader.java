package io.vnfkit.ivshmem.table;

import io.vnfkit.ivshmem.memory.SharedWords;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Reads a table. It writes nothing, so any number of them can, and memory that is mapped for reading alone is enough.
 *
 * <p>A value is copied from the cell that was valid when its slot's sequence was loaded, with acquire order, and taken as
 * it is if an acquire fence later the sequence is the same: then the writer had not begun to write that cell again. A
 * writer in the middle of a change, alive or dead, is in the other cell and disturbs nobody. Two changes of one entry in
 * the course of one copy do; after 1000 such tries there is a {@link TableBusyException}. No call waits.
 *
 * <p>Not thread-safe: one thread at a time.
 */
public final class TableReader {

    private static final int TRIES = 1000;
    private static final int SNAPSHOT_TRIES = 20;

    private final ByteBuffer memory;
    private final TableGeometry geometry;
    private final BooleanSupplier writerPresent;
    private final ByteBuffer key;
    private final ByteBuffer value;
    private long lengths;

    /**
     * Begins to read.
     *
     * @param memory the table, at a multiple of 8; may be read-only
     * @param geometry its layout, from a source that a peer cannot change
     * @param writerPresent tells whether there is a writer
     * @throws io.vnfkit.ivshmem.manifest.DamagedRegionException if the table in memory is another one
     */
    public TableReader(ByteBuffer memory, TableGeometry geometry, BooleanSupplier writerPresent) {
        geometry.verify(memory);
        this.memory = memory;
        this.geometry = geometry;
        this.writerPresent = writerPresent;
        this.key = ByteBuffer.allocate(TableGeometry.words(geometry.maxKey())).order(ByteOrder.nativeOrder());
        this.value = ByteBuffer.allocate(TableGeometry.words(geometry.maxValue())).order(ByteOrder.nativeOrder());
    }

    /**
     * Looks for a value.
     *
     * @param wanted its key
     * @return a copy; empty if there is no such key
     * @throws TableBusyException if its writer changes it without a pause
     * @throws io.vnfkit.ivshmem.manifest.DamagedRegionException if the table cannot be as it is
     */
    public Optional<byte[]> get(byte[] wanted) {
        return find(wanted) ? Optional.of(bytes(value, TableGeometry.valueLength(lengths))) : Optional.empty();
    }

    /**
     * Looks for a text.
     *
     * @param wanted its key, as UTF-8
     * @return the value, as UTF-8; empty if there is no such key
     * @throws TableBusyException if its writer changes it without a pause
     * @throws io.vnfkit.ivshmem.manifest.DamagedRegionException if the table cannot be as it is
     */
    public Optional<String> getText(String wanted) {
        return get(wanted.getBytes(StandardCharsets.UTF_8)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Looks for a number.
     *
     * @param wanted its key
     * @return the value; empty if there is no such key
     * @throws IllegalStateException if the value is not of 8 bytes
     * @throws TableBusyException if its writer changes it without a pause
     * @throws io.vnfkit.ivshmem.manifest.DamagedRegionException if the table cannot be as it is
     */
    public OptionalLong getLong(byte[] wanted) {
        if (!find(wanted)) {
            return OptionalLong.empty();
        }
        if (TableGeometry.valueLength(lengths) != Long.BYTES) {
            throw new IllegalStateException("\"" + new String(wanted, StandardCharsets.UTF_8) + "\" has a value of "
                    + TableGeometry.valueLength(lengths) + " bytes, not 8");
        }
        return OptionalLong.of(value.getLong(0));
    }

    private boolean find(byte[] wanted) {
        geometry.requireKey(wanted);
        int slot = geometry.firstSlot(wanted);
        for (int i = 0; i < geometry.slots(); i++) {
            if (copyIf(slot, wanted)) {
                return true;
            }
            if (lengths == TableGeometry.EMPTY) {
                return false;
            }
            slot = geometry.next(slot);
        }
        return false;
    }

    /** Copies the value of a slot if its key is the one that is wanted. Sets the lengths in any case. */
    private boolean copyIf(int slot, byte[] wanted) {
        for (int i = 0; i < TRIES; i++) {
            long sequence = SharedWords.longAcquire(memory, geometry.sequenceAt(slot));
            int cell = geometry.cellAt(slot, sequence);
            lengths = SharedWords.longOpaque(memory, cell);
            boolean isIt = geometry.isPossible(lengths) && geometry.hasKey(memory, cell, lengths, wanted);
            if (isIt) {
                copy(value, geometry.valueAt(cell), TableGeometry.valueLength(lengths));
            }
            if (isUnchanged(slot, sequence)) {
                geometry.requirePossible(slot, lengths);
                return isIt;
            }
        }
        throw new TableBusyException(slot, TRIES);
    }

    /** By whole words: a counter changes in a cell that is valid. */
    private void copy(ByteBuffer target, int at, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            target.putLong(i, SharedWords.longOpaque(memory, at + i));
        }
    }

    private boolean isUnchanged(int slot, long sequence) {
        VarHandle.acquireFence();
        return SharedWords.longOpaque(memory, geometry.sequenceAt(slot)) == sequence;
    }

    private static byte[] bytes(ByteBuffer copy, int length) {
        byte[] bytes = new byte[length];
        copy.get(0, bytes);
        return bytes;
    }

    /**
     * How often the table was changed: a number that is another one after each put and remove, and not after a change of
     * a counter. Loaded with acquire order: what was changed is seen afterwards.
     *
     * @return the version
     */
    public long version() {
        return SharedWords.longAcquire(memory, TableGeometry.CHANGES_AT);
    }

    /**
     * Copies all entries. Tries several times to get them as they were at one moment.
     *
     * @return the entries
     * @throws TableBusyException if the writer changes an entry without a pause
     * @throws io.vnfkit.ivshmem.manifest.DamagedRegionException if the table cannot be as it is
     */
    public TableSnapshot snapshot() {
        for (int i = 1; ; i++) {
            long before = version();
            List<TableEntry> entries = copyAll();
            VarHandle.acquireFence();
            // One change more may have been made without being counted yet: then all of this is from behind it.
            boolean isOfOneMoment = SharedWords.longOpaque(memory, TableGeometry.CHANGES_AT) == before;
            if (isOfOneMoment || i == SNAPSHOT_TRIES) {
                return new TableSnapshot(before, isOfOneMoment, entries);
            }
        }
    }

    private List<TableEntry> copyAll() {
        List<TableEntry> entries = new ArrayList<>();
        for (int slot = 0; slot < geometry.slots(); slot++) {
            copy(slot);
            if (TableGeometry.isEntry(lengths)) {
                entries.add(new TableEntry(bytes(key, TableGeometry.keyLength(lengths)),
                        bytes(value, TableGeometry.valueLength(lengths))));
            }
        }
        return entries;
    }

    private void copy(int slot) {
        for (int i = 0; i < TRIES; i++) {
            long sequence = SharedWords.longAcquire(memory, geometry.sequenceAt(slot));
            int cell = geometry.cellAt(slot, sequence);
            lengths = SharedWords.longOpaque(memory, cell);
            if (geometry.isPossible(lengths) && TableGeometry.isEntry(lengths)) {
                copy(key, geometry.keyAt(cell), TableGeometry.keyLength(lengths));
                copy(value, geometry.valueAt(cell), TableGeometry.valueLength(lengths));
            }
            if (isUnchanged(slot, sequence)) {
                geometry.requirePossible(slot, lengths);
                return;
            }
        }
        throw new TableBusyException(slot, TRIES);
    }

    /**
     * Tells whether there is a writer: a system call, so not for every look.
     *
     * @return false if there is none, or it has ended
     */
    public boolean isPeerPresent() {
        return writerPresent.getAsBoolean();
    }
}
