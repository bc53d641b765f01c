package io.vnfkit.ivshmem.order;

import io.vnfkit.ivshmem.crash.Numbered;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;

/** Messages, of which none is lost, doubled or torn. */
public final class MessageDuel extends RegionDuel {

    private final Numbered numbered = new Numbered(90);
    private final MessageProducer producer;
    private final MessageConsumer consumer;
    private long sent;
    private long next;

    public MessageDuel() {
        MessageRing ring = MessageRing.create(region, "messages", Bytes.of(1024), "test");
        producer = ring.producer();
        consumer = ring.consumer();
    }

    @Override
    public int roomAt() {
        return (int) region.find("messages").orElseThrow().offset() + 128;
    }

    @Override
    public void write() {
        byte[] message = numbered.message(sent);
        if (producer.offer(1, message, 0, message.length)) {
            sent++;
        }
    }

    @Override
    public void read() {
        consumer.read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            long number = numbered.numberOf(message);
            require(number == next, "message " + number + " came where " + next + " was due");
            next++;
        }, 4);
    }

    @Override
    public void finish() {
        while (!consumer.isEmpty()) {
            read();
        }
        require(next == sent, next + " messages came of " + sent);
    }
}
