package io.vnfkit.ivshmem.table;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The layout of a table, in native byte order. Offsets in bytes, K and V being the longest key and value rounded up to
 * multiples of 8:
 *
 * <pre>
 *    0  u64  magic "VNFKITTB", stored last and with release order
 *    8  u32  layout version 1   12  u32  longest key   16  u32  entries   20  u32  longest value
 *  128  u64  changes: how often an entry was put or removed
 *  256  the slots, each a multiple of 64 long:
 *         0 u64 sequence: how often the slot was changed
 *         8 two cells, of which that with the number (sequence &amp; 1) is valid, and the other one is written next:
 *              0 u32 length of the key; 0 in a slot without an entry   4 u32 length of the value; without an entry 0 if
 *                the slot never had one behind which others were looked for, or 1
 *              8 the key   8+K the value
 * </pre>
 *
 * <p>The number of slots is the smallest power of two above entries + entries / 3. A key is looked for from slot
 * {@code (h ^ h >>> 15) & slots - 1} on, h being its 32-bit FNV-1a hash, until it or a slot whose lengths are both 0 is
 * met. Immutable and thread-safe.
 *
 * @param maxKey the longest key, 1 to 4096 bytes
 * @param entries how many entries it holds, 1 to 65536
 * @param maxValue the longest value, 8 bytes to 1 MiB
 */
public record TableGeometry(int maxKey, int entries, int maxValue) {

    static final int CHANGES_AT = 128;
    static final int SLOTS_AT = 256;
    static final long EMPTY = 0;
    static final long REMOVED = 1L << 32;
    private static final long MAGIC = 0x4254_5449_4b46_4e56L;
    private static final int VERSION = 1;
    private static final int CACHE_LINE = 64;
    private static final int MAX_KEY = 4096;
    private static final int MAX_ENTRIES = 1 << 16;
    private static final int MAX_VALUE = 1 << 20;

    /** Checks the numbers. */
    public TableGeometry {
        require("the longest key of a table", 1, MAX_KEY, maxKey);
        require("the number of a table's entries", 1, MAX_ENTRIES, entries);
        require("the longest value of a table", Long.BYTES, MAX_VALUE, maxValue);
        long length = SLOTS_AT + (long) slotsFor(entries) * slotSize(maxKey, maxValue);
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a table of " + entries + " entries with keys of " + maxKey
                    + " and values of " + maxValue + " bytes takes " + length + " bytes, which is over 2 GiB");
        }
    }

    private static void require(String what, int least, int most, int found) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(what + " is " + least + " to " + most + ", not " + found);
        }
    }

    private static int slotsFor(int entries) {
        return Integer.highestOneBit(entries + entries / 3) << 1;
    }

    private static long slotSize(int maxKey, int maxValue) {
        return (Long.BYTES + 2L * cellSize(maxKey, maxValue) + CACHE_LINE - 1) & -CACHE_LINE;
    }

    private static int cellSize(int maxKey, int maxValue) {
        return Long.BYTES + words(maxKey) + words(maxValue);
    }

    static int words(int length) {
        return length + 7 & -8;
    }

    /**
     * Memory that it takes.
     *
     * @return bytes
     */
    public int length() {
        return SLOTS_AT + slots() * slotSize();
    }

    int slots() {
        return slotsFor(entries);
    }

    private int slotSize() {
        return (int) slotSize(maxKey, maxValue);
    }

    int sequenceAt(int slot) {
        return SLOTS_AT + slot * slotSize();
    }

    /** The cell that is valid after so many changes of the slot. */
    int cellAt(int slot, long sequence) {
        return sequenceAt(slot) + Long.BYTES + (int) (sequence & 1) * cellSize(maxKey, maxValue);
    }

    int keyAt(int cell) {
        return cell + Long.BYTES;
    }

    int valueAt(int cell) {
        return cell + Long.BYTES + words(maxKey);
    }

    int next(int slot) {
        return slot + 1 & slots() - 1;
    }

    int previous(int slot) {
        return slot - 1 & slots() - 1;
    }

    int firstSlot(byte[] key) {
        int hash = 0x811c9dc5;
        for (byte each : key) {
            hash = (hash ^ each & 0xff) * 0x01000193;
        }
        return (hash ^ hash >>> 15) & slots() - 1;
    }

    static long lengths(int key, int value) {
        return (long) value << 32 | key;
    }

    static int keyLength(long lengths) {
        return (int) lengths;
    }

    static int valueLength(long lengths) {
        return (int) (lengths >>> 32);
    }

    static boolean isEntry(long lengths) {
        return (int) lengths != 0;
    }

    boolean isPossible(long lengths) {
        boolean isEntry = keyLength(lengths) > 0 && keyLength(lengths) <= maxKey
                && valueLength(lengths) >= 0 && valueLength(lengths) <= maxValue;
        return isEntry || lengths == EMPTY || lengths == REMOVED;
    }

    void requirePossible(int slot, long lengths) {
        if (!isPossible(lengths)) {
            throw new DamagedRegionException("slot " + slot + " of the table has a key of " + keyLength(lengths)
                    + " bytes and a value of " + valueLength(lengths) + ", but no more than " + maxKey + " and " + maxValue
                    + " are possible");
        }
    }

    /** Whether a cell has a key; the lengths have been checked. */
    boolean hasKey(ByteBuffer memory, int cell, long lengths, byte[] key) {
        if (keyLength(lengths) != key.length) {
            return false;
        }
        int at = keyAt(cell);
        for (int i = 0; i < key.length; i++) {
            if (memory.get(at + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    void requireKey(byte[] key) {
        if (key.length < 1 || key.length > maxKey) {
            throw new IllegalArgumentException("keys of this table have 1 to " + maxKey + " bytes, not " + key.length + ": "
                    + Arrays.toString(key));
        }
    }

    /**
     * Makes a table without entries.
     *
     * @param memory as long as {@link #length}, at a multiple of 8, of zeros
     */
    public void initialize(ByteBuffer memory) {
        SharedWords.intOpaque(memory, 8, VERSION);
        SharedWords.intOpaque(memory, 12, maxKey);
        SharedWords.intOpaque(memory, 16, entries);
        SharedWords.intOpaque(memory, 20, maxValue);
        SharedWords.longRelease(memory, 0, MAGIC);
    }

    /**
     * Compares the table in memory with what the directory says of it. Afterwards only these private numbers are used.
     *
     * @param memory the table
     * @throws DamagedRegionException if they differ
     */
    public void verify(ByteBuffer memory) {
        long magic = SharedWords.longAcquire(memory, 0);
        if (magic != MAGIC) {
            throw new DamagedRegionException(String.format("no table: it begins with 0x%016x, not 0x%016x", magic, MAGIC));
        }
        verify("layout version", SharedWords.intOpaque(memory, 8), VERSION);
        verify("a longest key of", SharedWords.intOpaque(memory, 12), maxKey);
        verify("a number of entries of", SharedWords.intOpaque(memory, 16), entries);
        verify("a longest value of", SharedWords.intOpaque(memory, 20), maxValue);
    }

    private static void verify(String what, int found, int expected) {
        if (found != expected) {
            throw new DamagedRegionException("the table has " + what + " " + found + ", not " + expected);
        }
    }
}
