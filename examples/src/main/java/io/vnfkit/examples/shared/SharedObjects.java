package io.vnfkit.examples.shared;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDescription;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.unit.Bytes;
import java.nio.charset.StandardCharsets;

/** What lies in the region, by the names under which all three programs find it. */
final class SharedObjects {

    static final String REGION = "example-packets";
    /** From the producer to the consumer. */
    static final String PACKETS = "packets";
    /** From the producer to the consumer. */
    static final String MESSAGES = "messages";
    /** From the producer to whoever listens. */
    static final String EVENTS = "events";
    /** What the producer has done. */
    static final String PRODUCED = "produced";
    /** What the consumer has done. */
    static final String CONSUMED = "consumed";

    /** Keys of numbers in the two tables. A heartbeat is one that grows as long as its program runs. */
    static final byte[] BEATS = key("beats");
    static final byte[] SENT_PACKETS = key("packets");
    static final byte[] SENT_MESSAGES = key("messages");
    static final byte[] RECOVERED = key("recovered");
    static final byte[] PROGRESS = key("progress");

    private static final String MAKER = "manager";

    private SharedObjects() {}

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static RegionDescription region() {
        return RegionDescription.of(REGION, Bytes.mebibytes(8));
    }

    static void createIn(Region region) {
        PacketChannel.create(region, PACKETS, 2048, 1023, MAKER);
        MessageRing.create(region, MESSAGES, Bytes.kibibytes(16), MAKER);
        Broadcast.create(region, EVENTS, Bytes.kibibytes(16), MAKER);
        SharedTable.create(region, PRODUCED, new TableGeometry(16, 8, Long.BYTES), MAKER);
        SharedTable.create(region, CONSUMED, new TableGeometry(16, 8, Progress.BYTES), MAKER);
    }
}
