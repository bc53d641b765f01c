package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageHandler;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableCounter;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableWriter;
import io.vnfkit.testing.AllocationMeter;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said to allocate nothing. */
@Timeout(120)
class AllocationTest {

    private static final int CALLS = 10_000;

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final byte[] bytes = new byte[64];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(64);
    private long handled;
    private final MessageHandler handler = (type, memory, offset, length) -> handled += memory.get(offset);

    @AfterEach
    void detach() {
        region.close();
    }

    /** Bytes for each call, after as many to warm up. */
    private static long perCall(Runnable call) {
        long before = 0;
        for (int i = 0; i < 2 * CALLS; i++) {
            if (i == CALLS) {
                before = AllocationMeter.allocatedByThisThread();
            }
            call.run();
        }
        return (AllocationMeter.allocatedByThisThread() - before) / CALLS;
    }

    @Test
    void itIsSeenWhatIsAllocated() {
        byte[][] kept = new byte[1][];
        assertThat(perCall(() -> kept[0] = new byte[48])).isBetween(48L, 80L);
    }

    @Test
    void ringsAllocateNothing() {
        SharedRing ring = SharedRing.create(region, "ring", 63, "test");
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            long[] elements = new long[16];
            assertThat(perCall(() -> {
                producer.offer(7);
                producer.offer(elements, 0, 8);
                producer.offerAll(elements, 0, 4);
                consumer.poll(elements, 0, 16);
                handled += producer.size() + consumer.size();
            })).isZero();
        }
    }

    @Test
    void messagesAllocateNothing() {
        MessageRing ring = MessageRing.create(region, "messages", Bytes.kibibytes(4), "test");
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            assertThat(perCall(() -> {
                producer.offer(1, bytes, 0, 40);
                producer.offer(1, direct, 0, 17);
                if (producer.claim(12)) {
                    producer.claimed().putInt(1).putLong(2);
                    producer.commit(1);
                }
                if (producer.claim(12)) {
                    producer.abort();
                }
                consumer.read(handler, 8);
                handled += producer.consumerPosition() + (consumer.isEmpty() ? 1 : 0);
            })).isZero();
        }
    }

    @Test
    void broadcastsAllocateNothing() {
        Broadcast broadcast = Broadcast.create(region, "events", Bytes.kibibytes(4), "test");
        BroadcastReader reader = broadcast.reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            assertThat(perCall(() -> {
                writer.write(1, bytes, 0, 40);
                writer.write(1, direct, 0, 17);
                reader.read(handler, 8);
                handled += reader.lost() + (reader.isEmpty() ? 1 : 0);
            })).isZero();
        }
    }

    @Test
    void packetsAllocateNothing() {
        PacketChannel channel = PacketChannel.create(region, "channel", 2048, 63, "test");
        try (PacketSender sender = channel.sender(); PacketReceiver receiver = channel.receiver()) {
            long[] packets = new long[16];
            assertThat(perCall(() -> {
                int claimed = sender.claim(packets, 0, 16);
                for (int i = 0; i < claimed; i++) {
                    packets[i] = sender.fill(packets[i], bytes, 0, 60);
                }
                sender.unclaim(packets, 15, 1);
                sender.send(packets, 0, 15);
                int received = receiver.receive(packets, 0, 16);
                for (int i = 0; i < received; i++) {
                    handled += receiver.copy(packets[i], bytes, 0);
                }
                receiver.release(packets, 0, received);
            })).isZero();
        }
    }

    @Test
    void aTableAllocatesNothingButWhatItGivesOut() {
        SharedTable table = SharedTable.create(region, "settings", new TableGeometry(16, 20, 64), "test");
        TableReader reader = table.reader();
        byte[] key = {1};
        byte[] number = {2};
        try (TableWriter writer = table.writer()) {
            TableCounter counter = writer.counter(number);
            assertThat(perCall(() -> {
                writer.put(key, bytes);
                counter.add(1);
                counter.set(counter.get() + 1);
                handled += reader.version();
            })).isZero();
            // An OptionalLong; with the value 64 + 16 bytes more, and an Optional.
            assertThat(perCall(() -> handled += reader.getLong(number).orElse(0))).isLessThanOrEqualTo(24);
            assertThat(perCall(() -> handled += reader.get(key).map(value -> value.length).orElse(0))).isLessThanOrEqualTo(128);
        }
    }
}
