package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;

/** The two sides of vnfkit's ring, in batches. Elements are numbers, which the consumer checks. */
final class RingLoops {

    private RingLoops() {}

    /** Puts elements in. */
    static final class Put implements Loop {

        private final RingProducer producer;
        private final long[] batch;
        private long next;

        Put(RingProducer producer, int batch) {
            this.producer = producer;
            this.batch = new long[batch];
        }

        @Override
        public void run(Progress progress) {
            if (batch.length == 1) {
                putSingly(progress);
                return;
            }
            while (progress.isRunning()) {
                for (int i = 0; i < batch.length; i++) {
                    batch[i] = next + i;
                }
                int put = producer.offer(batch, 0, batch.length);
                next += put;
                if (put == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        private void putSingly(Progress progress) {
            while (progress.isRunning()) {
                if (producer.offer(next)) {
                    next++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Takes elements out. */
    static final class Take implements Loop {

        private final RingConsumer consumer;
        private final long[] batch;
        private long next;

        Take(RingConsumer consumer, int batch) {
            this.consumer = consumer;
            this.batch = new long[batch];
        }

        @Override
        public void run(Progress progress) {
            while (progress.isRunning()) {
                int taken = consumer.poll(batch, 0, batch.length);
                if (taken == 0) {
                    Thread.onSpinWait();
                    continue;
                }
                for (int i = 0; i < taken; i++) {
                    if (batch[i] != next + i) {
                        throw new IllegalStateException("not element " + (next + i));
                    }
                }
                next += taken;
                progress.done(next);
            }
        }
    }
}
