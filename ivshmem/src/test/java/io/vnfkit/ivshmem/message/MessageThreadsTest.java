package io.vnfkit.ivshmem.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two threads hunt for messages that are torn, lost or doubled. */
@Timeout(120)
class MessageThreadsTest {

    private static final String NAME = "messages";
    private static final int LONGEST = 200;

    private final Region region = TestRegions.make(Bytes.kibibytes(256));

    private static int fill(byte[] message, long number) {
        ByteBuffer.wrap(message).putLong(0, number);
        int extra = (int) (number % LONGEST);
        for (int i = 0; i < extra; i++) {
            message[Long.BYTES + i] = (byte) number;
        }
        return Long.BYTES + extra;
    }

    @AfterEach
    void detach() {
        region.close();
    }

    /** Checks that each message is whole and the one that is due. */
    private static final class Expecting implements MessageHandler {

        private final byte[] expected = new byte[LONGEST + Long.BYTES];
        private long next;

        @Override
        public void onMessage(int type, ByteBuffer memory, int offset, int length) {
            int wanted = fill(expected, next);
            if (length != wanted || !memory.slice(offset, length).equals(ByteBuffer.wrap(expected, 0, wanted))) {
                throw new AssertionError("message " + next + " came as " + length + " bytes that are not its own");
            }
            next++;
        }
    }

    @Test
    void messagesAreWholeBetweenTwoThreads() throws Exception {
        MessageRing.create(region, NAME, Bytes.kibibytes(16), "test");
        long count = 1_000_000;
        Expecting expecting = new Expecting();
        try (Region other = TestRegions.attach(region);
                MessageProducer producer = MessageRing.open(other, NAME).producer();
                MessageConsumer consumer = MessageRing.open(region, NAME).consumer()) {
            Thread sender = new Thread(() -> {
                byte[] message = new byte[LONGEST + Long.BYTES];
                for (long number = 0; number < count; number++) {
                    int length = fill(message, number);
                    while (!producer.offer(1, message, 0, length)) {
                        Thread.yield();
                    }
                }
            });
            sender.start();
            while (expecting.next < count) {
                if (consumer.read(expecting, 64) == 0) {
                    Thread.yield();
                }
            }
            sender.join();
            assertThat(consumer.isEmpty()).isTrue();
        }
    }
}
