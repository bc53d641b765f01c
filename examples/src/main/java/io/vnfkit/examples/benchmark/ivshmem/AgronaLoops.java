package io.vnfkit.examples.benchmark.ivshmem;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** The two sides of Agrona's ring buffer, doing what {@link MessageLoops} do. */
final class AgronaLoops {

    private static final int TYPE = 1;

    private AgronaLoops() {}

    /** Copies messages into the ring. */
    static final class Write implements Loop {

        private final OneToOneRingBuffer ring;
        private final UnsafeBuffer message;
        private final int length;
        private long next;

        Write(OneToOneRingBuffer ring, int length) {
            this.ring = ring;
            this.length = length;
            this.message = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                message.putLong(0, next);
                message.putLong(length - Long.BYTES, next);
                if (ring.write(TYPE, message, 0, length)) {
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Writes messages in place. */
    static final class Claim implements Loop {

        private final OneToOneRingBuffer ring;
        private final int length;
        private long next;

        Claim(OneToOneRingBuffer ring, int length) {
            this.ring = ring;
            this.length = length;
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                int at = ring.tryClaim(TYPE, length);
                if (at > 0) {
                    ring.buffer().putLong(at, next);
                    ring.buffer().putLong(at + length - Long.BYTES, next);
                    ring.commit(at);
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Reads messages, up to a limit before their room is given back. */
    static final class Read implements Loop, MessageHandler {

        private final OneToOneRingBuffer ring;
        private final int limit;
        private long next;

        Read(OneToOneRingBuffer ring, int limit) {
            this.ring = ring;
            this.limit = limit;
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                if (ring.read(this, limit) > 0) {
                    progress.done(next);
                } else {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void onMessage(int type, MutableDirectBuffer memory, int offset, int length) {
            if (memory.getLong(offset) != next || memory.getLong(offset + length - Long.BYTES) != next) {
                throw new IllegalStateException("not message " + next);
            }
            next++;
        }
    }
}
