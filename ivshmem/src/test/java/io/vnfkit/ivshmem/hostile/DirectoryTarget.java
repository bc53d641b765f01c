package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.Manifest;
import io.vnfkit.ivshmem.manifest.RegionFullException;
import io.vnfkit.ivshmem.manifest.RegionHeader;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.waiting.Doorbell;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;

/** Those who attach a region and look for objects in it, while its directory changes, checksums and all. */
public final class DirectoryTarget implements Target {

    private static final int ENTRIES_AT = 4096;
    private static final int ENTRY = 128;
    private static final int[] FIELDS = {48, 56, 64, 72, 80, 88};

    private final Region region;
    private final ByteBuffer memory;
    private int made;

    public DirectoryTarget() {
        region = Region.createSealed(TestRegions.describe(Bytes.kibibytes(64)).directory(16), Access.READ_WRITE);
        memory = region.window(0, (int) region.header().size());
        Accesses.map(memory);
        SharedRing.create(region, "ring", 15, "test");
        MessageRing.create(region, "messages", Bytes.of(1024), "test");
        Broadcast.create(region, "events", Bytes.of(1024), "test");
        SharedTable.create(region, "settings", new TableGeometry(8, 8, 16), "test");
        PacketChannel.create(region, "channel", 2048, 3, "test");
        Doorbell.create(region, "bell", "test");
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int directoryEnd() {
        return memory.capacity();
    }

    @Override
    public int from() {
        return 0;
    }

    @Override
    public int to() {
        return memory.capacity();
    }

    @Override
    public void use(Random random) {
        for (int round = 0; round < 8; round++) {
            if (random.nextBoolean()) {
                forge(random);
            }
            attempt(this::attach);
            attempt(() -> region.dump().toString());
            attempt(region::state);
            attempt(() -> {
                try (var producer = SharedRing.open(region, "ring").producer()) {
                    producer.offer(1);
                }
            });
            attempt(() -> SharedRing.open(region, "ring").consumer().close());
            attempt(() -> MessageRing.open(region, "messages").producer().close());
            attempt(() -> MessageRing.open(region, "messages").consumer().close());
            attempt(() -> Broadcast.open(region, "events").reader(Start.LATEST));
            attempt(() -> Broadcast.open(region, "events").writer().close());
            attempt(() -> SharedTable.open(region, "settings").reader().snapshot());
            attempt(() -> SharedTable.open(region, "settings").writer().close());
            attempt(() -> PacketChannel.open(region, "channel").sender().close());
            attempt(() -> PacketChannel.open(region, "channel").receiver().close());
            attempt(() -> Doorbell.open(region, "bell"));
            attempt(() -> region.createZone("zone-" + made++, Bytes.of(64), "test"));
        }
    }

    /** One field of an entry, with a checksum that fits. */
    private void forge(Random random) {
        int entry = ENTRIES_AT + ENTRY * random.nextInt(6);
        int field = entry + FIELDS[random.nextInt(FIELDS.length)];
        long now = memory.getLong(field);
        long forged = switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> -1;
            case 2 -> 1L << random.nextInt(63);
            default -> now + random.nextInt(33) - 16;
        };
        memory.putLong(field, forged);
        CRC32C checksum = new CRC32C();
        checksum.update(memory.slice(entry, 124));
        memory.putInt(entry + 124, (int) checksum.getValue());
    }

    private void attach() {
        RegionHeader header = Manifest.header(memory);
        if (header.firstObject() <= memory.capacity()) {
            for (RegionObject object : Manifest.open(memory, header).objects()) {
                RegionTarget.require(object.end() <= header.size(), object + " leads out of the region");
            }
        }
        TestRegions.attach(region).close();
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (DamagedRegionException | io.vnfkit.ivshmem.RegionException | RegionFullException documented) {
            RegionTarget.require(!documented.getMessage().isEmpty(), "it is not said what is wrong");
        }
    }

    @Override
    public void close() {
        region.close();
    }
}
