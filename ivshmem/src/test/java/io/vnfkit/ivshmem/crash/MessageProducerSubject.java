package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;

/** No message is lost, and none comes twice. */
final class MessageProducerSubject implements Subject {

    private static final String NAME = "messages";

    private final Numbered numbered = new Numbered(200);
    private MessageConsumer consumer;
    private long next;

    @Override
    public void work(Region region, long from) {
        MessageProducer producer = MessageRing.open(region, NAME).producer();
        for (long number = from; ; number++) {
            byte[] message = numbered.message(number);
            while (!producer.offer(1, message, 0, message.length)) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void make(Region region) {
        consumer = MessageRing.create(region, NAME, Bytes.kibibytes(16), "test").consumer();
    }

    @Override
    public long watch() {
        consumer.read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            long number = numbered.numberOf(message);
            Subject.require(number == next, "message " + number + " came where " + next + " was due");
            next++;
        }, 64);
        return next;
    }

    @Override
    public long settle() {
        Subject.require(!consumer.isPeerPresent(), "the dead producer is said to be there");
        while (!consumer.isEmpty()) {
            watch();
        }
        return next;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
