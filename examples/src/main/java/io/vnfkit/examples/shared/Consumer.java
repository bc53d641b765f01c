package io.vnfkit.examples.shared;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableCounter;
import io.vnfkit.ivshmem.table.TableWriter;
import io.vnfkit.ivshmem.waiting.WaitResult;
import io.vnfkit.ivshmem.waiting.WaitStrategy;
import io.vnfkit.ivshmem.waiting.Waiter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Receives what a {@link Producer} sends. Runs in a VNF until the producer ends, takes what is left then, and ends too.
 * How far it has come stands in the region before it tells the producer so; one that is killed is followed by another one
 * that goes on there.
 */
public final class Consumer implements AutoCloseable {

    private static final int BURST = 32;
    private static final Duration BEAT = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Waiter waiter;
    private final PacketReceiver packets;
    private final MessageConsumer messages;
    private final TableWriter table;
    private final TableCounter beats;
    private final long[] burst = new long[BURST];
    private Progress progress;

    private Consumer(Region region) {
        WaitStrategy backOff = WaitStrategy.backOff(Duration.ofNanos(1_000), Duration.ofMillis(1));
        SharedTable consumed = SharedTable.open(region, SharedObjects.CONSUMED);
        progress = consumed.reader().get(SharedObjects.PROGRESS).map(Progress::of).orElse(Progress.NONE);
        packets = receiver(region, backOff);
        messages = MessageRing.open(region, SharedObjects.MESSAGES).consumer();
        table = consumed.writer();
        beats = table.counter(SharedObjects.BEATS);
        waiter = new Waiter(region, packets::isPeerPresent, backOff);
    }

    /** After a consumer that was killed, the producer has to take its packets back first. */
    private static PacketReceiver receiver(Region region, WaitStrategy backOff) {
        PacketChannel channel = PacketChannel.open(region, SharedObjects.PACKETS);
        PacketReceiver[] receiver = new PacketReceiver[1];
        RegionException[] refusal = new RegionException[1];
        new Waiter(region, () -> true, backOff).await(() -> {
            try {
                receiver[0] = channel.receiver();
                return true;
            } catch (RegionException refused) {
                refusal[0] = refused;
                return false;
            }
        }, PATIENCE);
        if (receiver[0] == null) {
            throw refusal[0];
        }
        return receiver[0];
    }

    /**
     * Runs it.
     *
     * @param arguments the file of the region
     */
    public static void main(String[] arguments) {
        try (Region region = Region.attach(Path.of(arguments[0]), Access.READ_WRITE); Consumer consumer = new Consumer(region)) {
            consumer.consume();
        }
    }

    private void consume() {
        WaitResult result;
        do {
            beats.add(1);
            receivePackets();
            messages.read(this::onMessage, BURST);
            result = waiter.await(() -> packets.size() > 0 || !messages.isEmpty(), BEAT);
        } while (result == WaitResult.READY || result == WaitResult.TIMED_OUT);
    }

    private void receivePackets() {
        int received = packets.receive(burst, 0, BURST);
        for (int i = 0; i < received; i++) {
            progress = progress.withPacket(Numbered.numberOf(packets.packet(burst[i])));
        }
        if (received > 0) {
            table.put(SharedObjects.PROGRESS, progress.bytes());
            packets.release(burst, 0, received);
        }
    }

    private void onMessage(int type, ByteBuffer memory, int offset, int length) {
        // The producer wrote a number in network byte order; the buffer has the machine's.
        long number = memory.slice(offset, length).order(ByteOrder.BIG_ENDIAN).getLong(0);
        progress = progress.withMessage(number);
        table.put(SharedObjects.PROGRESS, progress.bytes());
    }

    @Override
    public void close() {
        table.close();
        messages.close();
        packets.close();
    }
}
