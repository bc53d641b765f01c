package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.Random;

/** Both sides of a message ring. */
public final class MessageTarget extends RegionTarget {

    private static final String NAME = "messages";

    private final MessageRing ring;

    public MessageTarget() {
        super(NAME);
        ring = MessageRing.create(region, NAME, Bytes.of(1024), "test");
        guard();
    }

    @Override
    public void use(Random random) {
        for (int i = 0; i < 6; i++) {
            try (MessageProducer producer = opened(ring::producer)) {
                produce(producer, random);
                consume(random);
                produce(producer, random);
            }
            consume(random);
        }
    }

    private static void produce(MessageProducer producer, Random random) {
        if (producer == null) {
            return;
        }
        byte[] bytes = new byte[128];
        repeat(8, i -> {
            int length = random.nextInt(129);
            if (random.nextBoolean()) {
                return producer.offer(1, ByteBuffer.wrap(bytes), 0, length);
            }
            if (producer.claim(length)) {
                ByteBuffer claimed = producer.claimed();
                require(claimed.remaining() == length, "a claim has another length");
                claimed.put(claimed.position(), bytes, 0, length);
                producer.commit(1);
            }
            return producer.consumerPosition() <= producer.position();
        });
    }

    private void consume(Random random) {
        try (MessageConsumer consumer = opened(ring::consumer)) {
            if (consumer == null) {
                return;
            }
            repeat(4, i -> {
                int limit = 1 + random.nextInt(9);
                int[] count = {0};
                int read = consumer.read((type, memory, offset, length) -> {
                    require(length >= 0 && length <= 128, "a message has " + length + " bytes");
                    memory.get(offset, new byte[length]);
                    require(++count[0] <= limit, "more messages came than were asked for");
                }, limit);
                require(read == count[0], "a wrong number is said to have been read");
                return !consumer.isEmpty();
            });
        }
    }
}
