package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.manifest.Manifest;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionHeader;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.unit.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is in a region, as it was at one moment. Immutable; {@link #toString} is for people.
 *
 * @param header what never changes
 * @param epoch even while it is in use
 * @param free bytes without an object
 * @param entries the objects
 */
public record RegionDump(RegionHeader header, long epoch, long free, List<Entry> entries) {

    private static final Set<ObjectType> ONE_USER_A_SIDE = Set.of(
            ObjectType.RING, ObjectType.PACKET_CHANNEL, ObjectType.MESSAGE_RING);

    /** Copies the entries. */
    public RegionDump {
        entries = List.copyOf(entries);
    }

    /**
     * An object and who uses it.
     *
     * @param object the object
     * @param producer whether somebody is its producer
     * @param consumer whether somebody is its consumer
     */
    public record Entry(RegionObject object, boolean producer, boolean consumer) {}

    static RegionDump of(Region region, Manifest manifest) {
        List<Entry> entries = new ArrayList<>();
        for (RegionObject object : manifest.objects()) {
            entries.add(new Entry(object, region.isTaken(object, Side.PRODUCER), region.isTaken(object, Side.CONSUMER)));
        }
        return new RegionDump(manifest.header(), manifest.epoch(), manifest.free(), entries);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                "region \"%s\" %s: %s in pages of %s, cache line %d, epoch %d, %s free, %d of %d objects%n",
                header.name(), header.id(), new Bytes(header.size()), new Bytes(header.pageSize()), header.cacheLine(),
                epoch, new Bytes(free), entries.size(), header.directoryCapacity()));
        for (Entry entry : entries) {
            RegionObject object = entry.object();
            text.append(String.format("  0x%010x %12d  %-14s %-24s %s%s%n", object.offset(), object.length(), object.type(),
                    object.name(), object.owner().isEmpty() ? "" : "by " + object.owner(), users(entry)));
        }
        return text.toString();
    }

    private static String users(Entry entry) {
        if (!ONE_USER_A_SIDE.contains(entry.object().type())) {
            return "";
        }
        return String.format(" (%s producer, %s consumer)", entry.producer() ? "has a" : "no",
                entry.consumer() ? "has a" : "no");
    }
}
