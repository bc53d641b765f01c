package io.vnfkit.ivshmem.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A key and its value, copied from a table. Immutable and thread-safe. */
public final class TableEntry {

    private final byte[] key;
    private final byte[] value;

    TableEntry(byte[] key, byte[] value) {
        this.key = key;
        this.value = value;
    }

    /**
     * Its key.
     *
     * @return a copy
     */
    public byte[] key() {
        return key.clone();
    }

    /**
     * Its key as UTF-8.
     *
     * @return the text; what is no UTF-8 is replaced
     */
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /**
     * Its value.
     *
     * @return a copy
     */
    public byte[] value() {
        return value.clone();
    }

    /**
     * Its value as UTF-8.
     *
     * @return the text; what is no UTF-8 is replaced
     */
    public String valueText() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /**
     * Its value as a number, in the machine's byte order.
     *
     * @return the number
     * @throws IllegalStateException if it is not of 8 bytes
     */
    public long valueLong() {
        if (value.length != Long.BYTES) {
            throw new IllegalStateException("\"" + keyText() + "\" has a value of " + value.length + " bytes, not 8");
        }
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableEntry entry && Arrays.equals(key, entry.key) && Arrays.equals(value, entry.value);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return keyText() + " (" + value.length + " bytes)";
    }
}
