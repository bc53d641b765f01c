package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/** Producers of messages are killed; each message is there whole, or not at all. */
public final class MessageProducerLife extends RegionLife {

    private static final String NAME = "messages";

    private final Numbered numbered = new Numbered(96);
    private final Expected expected = new Expected();
    private final MessageConsumer consumer;
    private long next;

    /** The variant decides where in the ring it begins. */
    public MessageProducerLife(int variant) {
        super(Bytes.kibibytes(16));
        MessageRing ring = MessageRing.create(region, NAME, Bytes.of(1024), "test");
        consumer = ring.consumer();
        try (MessageProducer producer = ring.producer()) {
            for (int i = 0; i < variant * 3; i++) {
                offer(producer);
                survivors();
            }
        }
    }

    private void offer(MessageProducer producer) {
        byte[] message = numbered.message(next);
        expected.begin(next++, 1);
        boolean sent = next % 2 == 0
                ? producer.offer(1, message, 0, message.length)
                : producer.offer(1, ByteBuffer.wrap(message), 0, message.length);
        expected.end(sent ? 1 : 0);
    }

    private void claim(MessageProducer producer, boolean isAborted) {
        byte[] message = numbered.message(next);
        expected.begin(next++, 1);
        boolean sent = producer.claim(message.length);
        if (sent) {
            producer.claimed().put(producer.claimed().position(), message);
        }
        if (sent && isAborted) {
            producer.abort();
            sent = false;
        } else if (sent) {
            producer.commit(1);
        }
        expected.end(sent ? 1 : 0);
    }

    @Override
    public void victim() {
        MessageProducer producer = MessageRing.open(newVictim(), NAME).producer();
        offer(producer);
        claim(producer, true);
        claim(producer, false);
        offer(producer);
    }

    @Override
    public void survivors() {
        int read;
        do {
            read = consumer.read((type, memory, offset, length) -> {
                byte[] message = new byte[length];
                memory.get(offset, message);
                expected.arrived(numbered.numberOf(message));
            }, 3);
        } while (read > 0);
        require(consumer.isEmpty(), "nothing was read, but the ring is said not to be empty");
        expected.quiet();
    }

    @Override
    public void finish() {
        try (MessageProducer producer = MessageRing.open(region, NAME).producer()) {
            for (int i = 0; i < 40; i++) {
                offer(producer);
                if (i % 3 == 0) {
                    survivors();
                }
            }
            survivors();
            require(producer.consumerPosition() == producer.position(), "the consumer is not where the producer is");
        }
    }
}
