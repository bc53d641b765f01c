package io.vnfkit.ivshmem.manifest;

import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The bytes of the manifest, little endian. Offsets in bytes:
 *
 * <pre>
 *    0  u64  magic "VNFKITRG", stored last and with release order
 *    8  u32  version 1          12  u32  cache line of the rings
 *   16  u64  size of the region 24  u64  page size
 *   32  u32  room for so many objects    36  u32  0
 *   40  char[64] name          104  u64, u64  id
 *  120  u32  CRC-32C of bytes 8 to 119
 *  128  u64  epoch: even while the region is in use, odd once it is given up
 *  136  u32  number of objects, stored last and with release order
 *  144  u64  where the next object begins
 * 4096  the directory, 128 bytes for each object:
 *         0 char[48] name   48 u32 type   52 u32 0   56 u64 offset   64 u64 length
 *        72 u64[3] geometry 96 char[24] owner       120 u32 0      124 u32 CRC-32C of bytes 0 to 123
 * </pre>
 *
 * <p>Everything is read from a private copy that was made once, so that a peer cannot change it between check and use.
 * Stateless and thread-safe.
 */
public final class ManifestLayout {

    /** The number that tells a region that is ready. */
    static final long MAGIC = 0x4752_5449_4b46_4e56L;

    static final int VERSION = 1;
    static final int MAGIC_AT = 0;
    static final int NAME_AT = 40;
    static final int CHECKSUM_AT = 120;
    static final int EPOCH_AT = 128;
    static final int COUNT_AT = 136;
    static final int NEXT_AT = 144;
    static final int HEADER_SIZE = 4096;
    static final int ENTRY_SIZE = 128;
    static final int ENTRY_CHECKSUM_AT = 124;
    private static final int FIXED_FROM = 8;

    private ManifestLayout() {}

    /**
     * Where the directory ends.
     *
     * @param capacity room for so many objects
     * @return offset of the first byte behind it
     */
    public static int directoryEnd(int capacity) {
        return HEADER_SIZE + capacity * ENTRY_SIZE;
    }

    /** Writes a new manifest, the magic last. */
    static void write(ByteBuffer memory, RegionHeader header, long epoch) {
        ByteBuffer fixed = ByteBuffer.allocate(CHECKSUM_AT).order(ByteOrder.nativeOrder());
        fixed.putInt(8, VERSION).putInt(12, header.cacheLine()).putLong(16, header.size());
        fixed.putLong(24, header.pageSize()).putInt(32, header.directoryCapacity());
        fixed.put(NAME_AT, header.name().getBytes(StandardCharsets.UTF_8));
        fixed.putLong(104, header.id().getMostSignificantBits()).putLong(112, header.id().getLeastSignificantBits());
        memory.put(FIXED_FROM, fixed.array(), FIXED_FROM, CHECKSUM_AT - FIXED_FROM);
        memory.putInt(CHECKSUM_AT, checksum(fixed.array(), FIXED_FROM, CHECKSUM_AT));
        memory.putLong(EPOCH_AT, epoch).putInt(COUNT_AT, 0).putLong(NEXT_AT, header.firstObject());
        SharedWords.longRelease(memory, MAGIC_AT, MAGIC);
    }

    /** Reads the part that never changes. */
    static RegionHeader readHeader(ByteBuffer memory) {
        if (memory.capacity() < HEADER_SIZE) {
            throw new DamagedRegionException("no region: only " + memory.capacity() + " bytes long");
        }
        long magic = SharedWords.longAcquire(memory, MAGIC_AT);
        if (magic != MAGIC) {
            throw new DamagedRegionException(magic == 0
                    ? "the region is not ready: its maker has not finished, or died while it made it"
                    : String.format("no region: it begins with 0x%016x instead of 0x%016x", magic, MAGIC));
        }
        byte[] copy = new byte[CHECKSUM_AT];
        memory.get(0, copy);
        int checksum = SharedWords.intOpaque(memory, CHECKSUM_AT);
        if (checksum != checksum(copy, FIXED_FROM, CHECKSUM_AT)) {
            throw new DamagedRegionException("the checksum of the region's header does not fit its content");
        }
        ByteBuffer fixed = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        if (fixed.getInt(8) != VERSION) {
            throw new DamagedRegionException("the region has layout version " + fixed.getInt(8)
                    + ", this vnfkit knows " + VERSION);
        }
        try {
            return new RegionHeader(text(copy, NAME_AT, RegionHeader.MAX_NAME + 1),
                    new UUID(fixed.getLong(104), fixed.getLong(112)), fixed.getLong(16), fixed.getLong(24),
                    fixed.getInt(12), fixed.getInt(32));
        } catch (IllegalArgumentException refused) {
            throw new DamagedRegionException("the region's header is wrong: " + refused.getMessage());
        }
    }

    static void writeEntry(ByteBuffer memory, int index, RegionObject object) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_SIZE).order(ByteOrder.nativeOrder());
        entry.put(0, object.name().getBytes(StandardCharsets.UTF_8)).putInt(48, object.type().code());
        entry.putLong(56, object.offset()).putLong(64, object.length());
        Geometry geometry = object.geometry();
        entry.putLong(72, geometry.first()).putLong(80, geometry.second()).putLong(88, geometry.third());
        entry.put(96, object.owner().getBytes(StandardCharsets.UTF_8));
        entry.putInt(ENTRY_CHECKSUM_AT, checksum(entry.array(), 0, ENTRY_CHECKSUM_AT));
        memory.put(HEADER_SIZE + index * ENTRY_SIZE, entry.array());
    }

    static RegionObject readEntry(ByteBuffer memory, int index, RegionHeader header) {
        byte[] copy = new byte[ENTRY_SIZE];
        memory.get(HEADER_SIZE + index * ENTRY_SIZE, copy);
        ByteBuffer entry = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        String which = "object " + index + " of region \"" + header.name() + "\"";
        if (entry.getInt(ENTRY_CHECKSUM_AT) != checksum(copy, 0, ENTRY_CHECKSUM_AT)) {
            throw new DamagedRegionException("the checksum of " + which + " does not fit its entry in the directory");
        }
        long offset = entry.getLong(56);
        long length = entry.getLong(64);
        if (offset < header.firstObject() || length <= 0 || offset > header.size() - length) {
            throw new DamagedRegionException(which + " is said to lie at " + offset + " with " + length
                    + " bytes, outside the region of " + header.size());
        }
        ObjectType type = ObjectType.of(entry.getInt(48)).orElseThrow(
                () -> new DamagedRegionException(which + " has type " + entry.getInt(48) + ", which is unknown"));
        try {
            return new RegionObject(text(copy, 0, RegionObject.MAX_NAME + 1), type, offset, length,
                    new Geometry(entry.getLong(72), entry.getLong(80), entry.getLong(88)),
                    text(copy, 96, RegionObject.MAX_OWNER + 1));
        } catch (IllegalArgumentException refused) {
            throw new DamagedRegionException(which + " is wrong: " + refused.getMessage());
        }
    }

    private static int checksum(byte[] bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }

    private static String text(byte[] bytes, int at, int room) {
        int length = 0;
        while (length < room && bytes[at + length] != 0) {
            length++;
        }
        if (length == room) {
            throw new IllegalArgumentException("a name has no end");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
        } catch (CharacterCodingException failure) {
            throw new IllegalArgumentException("a name is not UTF-8");
        }
    }
}
