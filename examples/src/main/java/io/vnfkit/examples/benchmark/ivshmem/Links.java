package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageHandler;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** The links of contestants in Java. */
final class Links {

    private static final long STOPPED = -1;

    private Links() {}

    /** Two message rings of vnfkit. */
    static final class Message implements Link, MessageHandler {

        private final MessageProducer out;
        private final MessageConsumer in;
        private final ByteBuffer message;
        private final int length;
        private long received;

        Message(SharedMemory memory, String out, String in, int length) {
            this.out = memory.messages(out).producer();
            this.in = memory.messages(in).consumer();
            this.message = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
            this.length = length;
        }

        @Override
        public void send(long number) {
            message.putLong(0, number);
            out.offer(1, message, 0, length);
        }

        @Override
        public long await(Progress progress) {
            while (in.read(this, 1) == 0) {
                if (!progress.isRunning()) {
                    return STOPPED;
                }
            }
            return received;
        }

        @Override
        public void onMessage(int type, ByteBuffer memory, int offset, int messageLength) {
            received = memory.getLong(offset);
        }
    }

    /** Two ring buffers of Agrona. */
    static final class Agrona implements Link, org.agrona.concurrent.MessageHandler {

        private final OneToOneRingBuffer out;
        private final OneToOneRingBuffer in;
        private final UnsafeBuffer message;
        private final int length;
        private long received;

        Agrona(SharedMemory memory, String out, String in, int length) {
            this.out = memory.agrona(out);
            this.in = memory.agrona(in);
            this.message = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            this.length = length;
        }

        @Override
        public void send(long number) {
            message.putLong(0, number);
            out.write(1, message, 0, length);
        }

        @Override
        public long await(Progress progress) {
            while (in.read(this, 1) == 0) {
                if (!progress.isRunning()) {
                    return STOPPED;
                }
            }
            return received;
        }

        @Override
        public void onMessage(int type, MutableDirectBuffer memory, int offset, int messageLength) {
            received = memory.getLong(offset);
        }
    }

    /** Two rings of vnfkit; the other side can be DPDK. */
    static final class Ring implements Link {

        private final RingProducer out;
        private final RingConsumer in;
        private final long[] taken = new long[1];

        Ring(SharedMemory memory, String out, String in) {
            this.out = memory.ring(out).producer();
            this.in = memory.ring(in).consumer();
        }

        @Override
        public void send(long number) {
            out.offer(number);
        }

        @Override
        public long await(Progress progress) {
            while (in.poll(taken, 0, 1) == 0) {
                if (!progress.isRunning()) {
                    return STOPPED;
                }
            }
            return taken[0];
        }
    }
}
