package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageHandler;
import io.vnfkit.ivshmem.message.MessageProducer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The two sides of vnfkit's message ring. Every message begins and ends with its number, which the consumer checks. */
final class MessageLoops {

    private static final int TYPE = 1;

    private MessageLoops() {}

    /** Copies messages into the ring. */
    static final class Offer implements Loop {

        private final MessageProducer producer;
        private final ByteBuffer message;
        private final int length;
        private long next;

        Offer(MessageProducer producer, int length) {
            this.producer = producer;
            this.length = length;
            this.message = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                message.putLong(0, next).putLong(length - Long.BYTES, next);
                if (producer.offer(TYPE, message, 0, length)) {
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Writes messages in place. */
    static final class Claim implements Loop {

        private final MessageProducer producer;
        private final int length;
        private long next;

        Claim(MessageProducer producer, int length) {
            this.producer = producer;
            this.length = length;
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                if (producer.claim(length)) {
                    ByteBuffer message = producer.claimed();
                    int at = message.position();
                    message.putLong(at, next).putLong(at + length - Long.BYTES, next);
                    producer.commit(TYPE);
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Reads messages, up to a limit before their room is given back. */
    static final class Read implements Loop, MessageHandler {

        private final MessageConsumer consumer;
        private final int limit;
        private long next;

        Read(MessageConsumer consumer, int limit) {
            this.consumer = consumer;
            this.limit = limit;
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                if (consumer.read(this, limit) > 0) {
                    progress.done(next);
                } else {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void onMessage(int type, ByteBuffer memory, int offset, int length) {
            if (memory.getLong(offset) != next || memory.getLong(offset + length - Long.BYTES) != next) {
                throw new IllegalStateException("not message " + next);
            }
            next++;
        }
    }
}
