package io.vnfkit.ivshmem.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.unit.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Producers in processes of their own, each killed at some moment and followed by another one. {@code -Dkills=1000} kills
 * more of them than a build has the time for.
 */
@Timeout(1800)
class MessageCrashTest {

    private static final int KILLS = Integer.getInteger("kills", 12);
    private static final String NAME = "messages";
    private static final int LONGEST = 200;

    private final Path file = Path.of("/dev/shm", "vnfkit-crash-" + ProcessHandle.current().pid());
    private Region region;

    /** The producer: messages with ascending numbers for ever, as many bytes of the number as the number says. */
    public static final class Endless {

        private Endless() {}

        public static void main(String[] args) {
            try (Region region = Region.attach(Path.of(args[0]), Access.READ_WRITE);
                    MessageProducer producer = MessageRing.open(region, NAME).producer()) {
                byte[] message = new byte[LONGEST + Long.BYTES];
                for (long number = Long.parseLong(args[1]); ; number++) {
                    int length = fill(message, number);
                    while (!producer.offer(1, message, 0, length)) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    private static int fill(byte[] message, long number) {
        ByteBuffer.wrap(message).putLong(0, number);
        int extra = (int) (number % LONGEST);
        for (int i = 0; i < extra; i++) {
            message[Long.BYTES + i] = (byte) number;
        }
        return Long.BYTES + extra;
    }

    @BeforeEach
    void makeRegion() {
        region = Region.create(file, TestRegions.describe(Bytes.kibibytes(256)));
        MessageRing.create(region, NAME, Bytes.kibibytes(16), "test");
    }

    @AfterEach
    void removeRegion() throws IOException {
        region.close();
        Files.delete(file);
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
    void aProducerThatIsKilledLosesNoMessageAndSendsNoneTwice() throws Exception {
        Random random = new Random(20261127);
        Expecting expecting = new Expecting();
        try (MessageConsumer consumer = MessageRing.open(region, NAME).consumer()) {
            for (int kill = 0; kill < KILLS; kill++) {
                Process producer = start(expecting.next);
                long last = expecting.next + 1 + random.nextInt(20_000);
                while (expecting.next < last) {
                    consumer.read(expecting, 64);
                    assertThat(producer.isAlive()).isTrue();
                }
                producer.destroyForcibly().waitFor();
                while (consumer.read(expecting, 64) > 0) {
                    assertThat(consumer.isPeerPresent()).isFalse();
                }
            }
        }
        assertThat(expecting.next).isGreaterThan(KILLS);
    }

    private Process start(long number) throws IOException {
        return new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), Endless.class.getName(), file.toString(), Long.toString(number))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    @Test
    void messagesAreWholeBetweenTwoThreads() throws Exception {
        long count = 1_000_000;
        Expecting expecting = new Expecting();
        try (Region other = Region.attach(file, Access.READ_WRITE);
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
