package io.vnfkit.examples.shared;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableCounter;
import io.vnfkit.ivshmem.table.TableWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbered packets and messages through a region, some of each a millisecond. Runs in a VNF until SIGTERM. When its
 * consumer ends without a word it takes the packets back that were on their way, says how many, and goes on with the next
 * consumer.
 */
public final class Producer implements AutoCloseable {

    private static final int BURST = 16;
    private static final int MESSAGES_IN_BURST = 2;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final PacketSender packets;
    private final MessageProducer messages;
    private final BroadcastWriter events;
    private final TableWriter table;
    private final TableCounter beats;
    private final TableCounter sentPackets;
    private final TableCounter sentMessages;
    private final TableCounter recovered;
    private final long[] burst = new long[BURST];
    private boolean hadConsumer;

    private Producer(Region region) {
        packets = PacketChannel.open(region, SharedObjects.PACKETS).sender();
        messages = MessageRing.open(region, SharedObjects.MESSAGES).producer();
        events = Broadcast.open(region, SharedObjects.EVENTS).writer();
        table = SharedTable.open(region, SharedObjects.PRODUCED).writer();
        sentPackets = table.counter(SharedObjects.SENT_PACKETS);
        sentMessages = table.counter(SharedObjects.SENT_MESSAGES);
        recovered = table.counter(SharedObjects.RECOVERED);
        beats = table.counter(SharedObjects.BEATS);
    }

    /**
     * Runs it.
     *
     * @param arguments the file of the region
     */
    public static void main(String[] arguments) {
        AtomicBoolean isToEnd = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            isToEnd.set(true);
            awaitUninterruptibly(ended);
        }));
        try (Region region = Region.attach(Path.of(arguments[0]), Access.READ_WRITE); Producer producer = new Producer(region)) {
            while (!isToEnd.get()) {
                producer.round();
                LockSupport.parkNanos(PAUSE);
            }
        } finally {
            ended.countDown();
        }
    }

    /** The JVM ends when its shutdown hooks have, and the region is to be in order then. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        beats.add(1);
        if (packets.isPeerPresent()) {
            greetConsumer();
            sendPackets();
        } else {
            takeBack();
        }
        // These wait in their ring for whoever comes.
        offerMessages();
    }

    private void greetConsumer() {
        if (!hadConsumer) {
            hadConsumer = true;
            say("the producer has a consumer");
        }
    }

    private void takeBack() {
        if (!hadConsumer) {
            return;
        }
        hadConsumer = false;
        int lost = packets.recover();
        recovered.add(lost);
        say("the producer has lost its consumer and taken back " + lost + " packets");
    }

    private void sendPackets() {
        int claimed = packets.claim(burst, 0, BURST);
        long first = sentPackets.get();
        for (int i = 0; i < claimed; i++) {
            byte[] packet = Numbered.packet(first + i);
            burst[i] = packets.fill(burst[i], packet, 0, packet.length);
        }
        int sent = packets.send(burst, 0, claimed);
        packets.unclaim(burst, sent, claimed - sent);
        sentPackets.add(sent);
    }

    private void offerMessages() {
        for (int i = 0; i < MESSAGES_IN_BURST; i++) {
            byte[] message = ByteBuffer.allocate(Long.BYTES).putLong(0, sentMessages.get()).array();
            if (!messages.offer(1, message, 0, message.length)) {
                return;
            }
            sentMessages.add(1);
        }
    }

    private void say(String event) {
        byte[] text = event.getBytes(StandardCharsets.UTF_8);
        events.write(1, text, 0, text.length);
    }

    @Override
    public void close() {
        say("the producer ends");
        table.close();
        events.close();
        messages.close();
        packets.close();
    }
}
