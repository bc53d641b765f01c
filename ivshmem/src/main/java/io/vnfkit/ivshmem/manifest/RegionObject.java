package io.vnfkit.ivshmem.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A named object of a region: an entry of its directory. Immutable and thread-safe.
 *
 * @param name 1 to 47 bytes of UTF-8, unique in the region
 * @param type what it is
 * @param offset where it begins, in bytes from the start of the region
 * @param length its length in bytes
 * @param geometry three numbers whose meaning depends on the type, such as the size of an element
 * @param owner who made it: at most 23 bytes of UTF-8, for people
 */
public record RegionObject(String name, ObjectType type, long offset, long length, Geometry geometry, String owner) {

    /** The longest name in bytes. */
    public static final int MAX_NAME = 47;

    /** The longest owner in bytes. */
    public static final int MAX_OWNER = 23;

    /**
     * Numbers that describe an object's inside.
     *
     * @param first of a ring the size of an element; of a pool or channel the size of a buffer; of a table the longest key
     * @param second of a ring the number of slots; of a pool or channel that of buffers; of a table that of entries
     * @param third of a table the longest value; of a message ring and a broadcast the capacity in bytes
     */
    public record Geometry(long first, long second, long third) {

        /** For objects that need none. */
        public static final Geometry NONE = new Geometry(0, 0, 0);
    }

    /** Checks the names. */
    public RegionObject {
        requireText(name, 1, MAX_NAME, "the name of an object");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(geometry, "geometry");
        requireText(owner, 0, MAX_OWNER, "the owner of an object");
    }

    static void requireText(String text, int least, int most, String what) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < least || bytes > most || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " has " + least + " to " + most + " bytes without NUL, not \"" + text + "\" with " + bytes);
        }
    }

    /**
     * Where it ends.
     *
     * @return offset of the first byte behind it
     */
    public long end() {
        return offset + length;
    }

    @Override
    public String toString() {
        return String.format("%s \"%s\" at 0x%x, %d bytes", type, name, offset, length);
    }
}
