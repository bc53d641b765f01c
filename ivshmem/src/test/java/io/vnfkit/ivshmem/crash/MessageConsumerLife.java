package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;

/** Consumers of messages are killed; the batch that one was in comes again, and nothing else. */
public final class MessageConsumerLife extends RegionLife {

    private static final String NAME = "messages";

    private final Numbered numbered = new Numbered(96);
    private final MessageProducer producer;
    private long sent;
    /** What a successor may begin with: one of these two. */
    private long batch;
    private long due;

    public MessageConsumerLife(int variant) {
        super(Bytes.kibibytes(16));
        MessageRing ring = MessageRing.create(region, NAME, Bytes.of(1024), "test");
        producer = ring.producer();
        try (MessageConsumer consumer = ring.consumer()) {
            for (int i = 0; i < variant; i++) {
                send();
                readAll(consumer);
            }
        }
        send();
    }

    /** As much as there is room for. */
    private void send() {
        byte[] message = numbered.message(sent);
        while (producer.offer(1, message, 0, message.length)) {
            message = numbered.message(++sent);
        }
    }

    private void readAll(MessageConsumer consumer) {
        boolean[] isFirst = {true};
        int read;
        do {
            long[] next = {due};
            read = consumer.read((type, memory, offset, length) -> {
                byte[] message = new byte[length];
                memory.get(offset, message);
                long number = numbered.numberOf(message);
                if (isFirst[0] && number == batch) {
                    next[0] = batch;
                }
                isFirst[0] = false;
                require(number == next[0], "message " + number + " came where " + next[0] + " or " + batch + " was due");
                next[0]++;
                due = Math.max(due, next[0]);
            }, 3);
            batch = due;
            Accesses.fullFence();
        } while (read > 0);
    }

    @Override
    public void victim() {
        readAll(MessageRing.open(newVictim(), NAME).consumer());
    }

    @Override
    public void survivors() {
        send();
    }

    @Override
    public void finish() {
        try (MessageConsumer consumer = MessageRing.open(region, NAME).consumer()) {
            for (int i = 0; i < 20; i++) {
                readAll(consumer);
                require(due == sent, "all up to " + due + " have come, but " + sent + " were sent");
                send();
            }
        }
    }
}
