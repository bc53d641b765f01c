package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/** Each message is handled; the last batch of a dead consumer is handled again, and no others. */
final class MessageConsumerSubject implements Subject {

    private static final String NAME = "messages";
    /** A word in which a victim says which message it has handled last. */
    private static final String WITNESS = "witness";
    private static final int BATCH = 16;

    private final Numbered numbered = new Numbered(200);
    private MessageProducer producer;
    private ByteBuffer witness;
    private long sent;

    @Override
    public void work(Region region, long from) {
        ByteBuffer handled = region.window(region.find(WITNESS).orElseThrow());
        MessageConsumer consumer = MessageRing.open(region, NAME).consumer();
        boolean[] isFirst = {true};
        while (true) {
            consumer.read((type, memory, offset, length) -> {
                byte[] message = new byte[length];
                memory.get(offset, message);
                long number = numbered.numberOf(message);
                long due = SharedWords.longOpaque(handled, 0) + 1;
                boolean isRight = isFirst[0] ? number <= due && number > due - BATCH - 1 : number == due;
                Subject.require(isRight, "message " + number + " came where " + due + " was due");
                isFirst[0] = false;
                SharedWords.longOpaque(handled, 0, number);
            }, BATCH);
        }
    }

    @Override
    public void make(Region region) {
        witness = region.window(region.createZone(WITNESS, Bytes.of(4096), "test"));
        SharedWords.longOpaque(witness, 0, -1);
        producer = MessageRing.create(region, NAME, Bytes.kibibytes(16), "test").producer();
    }

    @Override
    public long watch() {
        byte[] message = numbered.message(sent);
        if (producer.offer(1, message, 0, message.length)) {
            sent++;
        }
        return SharedWords.longOpaque(witness, 0) + 1;
    }

    @Override
    public long settle() {
        Subject.require(!producer.isPeerPresent(), "the dead consumer is said to be there");
        Subject.require(producer.consumerPosition() <= producer.position(), "the consumer is beyond the producer");
        return watch();
    }

    @Override
    public void close() {
        producer.close();
    }
}
