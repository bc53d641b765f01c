package io.vnfkit.examples.benchmark.ivshmem;

import java.util.stream.LongStream;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.SpscArrayQueue;

/**
 * The two sides of JCTools' queue for one producer and one consumer. It passes references between threads of one JVM and
 * copies nothing, so what goes over it are objects that are there already, each again and again.
 */
final class JctoolsLoops {

    private static final int OBJECTS = 1 << 12;
    private static final Long[] NUMBERS = LongStream.range(0, OBJECTS).boxed().toArray(Long[]::new);

    private JctoolsLoops() {}

    private static Long number(long next) {
        return NUMBERS[(int) next & OBJECTS - 1];
    }

    /** Puts references in. */
    static final class Put implements Loop, MessagePassingQueue.Supplier<Long> {

        private final SpscArrayQueue<Long> queue;
        private final int batch;
        private long next;

        Put(SpscArrayQueue<Long> queue, int batch) {
            this.queue = queue;
            this.batch = batch;
        }

        @Override
        public void run(Progress progress) {
            if (batch == 1) {
                putSingly(progress);
                return;
            }
            while (progress.isRunning()) {
                if (queue.fill(this, batch) == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public Long get() {
            return number(next++);
        }

        private void putSingly(Progress progress) {
            while (progress.isRunning()) {
                if (queue.offer(number(next))) {
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Takes references out. */
    static final class Take implements Loop, MessagePassingQueue.Consumer<Long> {

        private final SpscArrayQueue<Long> queue;
        private final int batch;
        private long next;

        Take(SpscArrayQueue<Long> queue, int batch) {
            this.queue = queue;
            this.batch = batch;
        }

        @Override
        public void run(Progress progress) {
            if (batch == 1) {
                takeSingly(progress);
                return;
            }
            while (progress.isRunning()) {
                if (queue.drain(this, batch) > 0) {
                    progress.done(next);
                } else {
                    Thread.onSpinWait();
                }
            }
        }

        private void takeSingly(Progress progress) {
            while (progress.isRunning()) {
                Long number = queue.poll();
                if (number == null) {
                    Thread.onSpinWait();
                } else {
                    accept(number);
                    progress.done(next);
                }
            }
        }

        @Override
        public void accept(Long number) {
            if (number != (next & OBJECTS - 1)) {
                throw new IllegalStateException("not element " + next);
            }
            next++;
        }
    }
}
