package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.unit.Bytes;

/** Consumers of a ring are killed; what one had begun to take comes again, and nothing else. */
public final class RingConsumerLife extends RegionLife {

    private static final String NAME = "ring";

    private final RingProducer producer;
    private long sent;
    /** What a successor may begin with: one of these two, which are the same if the last one ended between batches. */
    private long batch;
    private long due;

    public RingConsumerLife(int variant) {
        super(Bytes.kibibytes(16));
        SharedRing ring = SharedRing.create(region, NAME, 15, "test");
        producer = ring.producer();
        send();
        try (RingConsumer consumer = ring.consumer()) {
            for (int i = 0; i < variant; i++) {
                take(consumer, 4);
                send();
            }
        }
    }

    private void send() {
        while (producer.offer(sent)) {
            sent++;
        }
    }

    private int take(RingConsumer consumer, int count) {
        long[] elements = new long[count];
        due = Math.min(sent, batch + count);
        int taken = consumer.poll(elements, 0, count);
        for (int i = 0; i < taken; i++) {
            require(elements[i] == batch + i, "element " + elements[i] + " came where " + (batch + i) + " was due");
        }
        require(taken == due - batch, taken + " elements were taken where there were " + (due - batch));
        batch = due;
        Accesses.fullFence();
        return taken;
    }

    @Override
    public void prepare() {
        settle();
    }

    @Override
    public void victim() {
        RingConsumer consumer = SharedRing.open(newVictim(), NAME).consumer();
        take(consumer, 1);
        take(consumer, 5);
        take(consumer, 3);
    }

    @Override
    public void survivors() {
        settle();
        send();
    }

    /** What was taken is known by what there is room for. */
    private void settle() {
        int left = producer.size();
        require(left == sent - batch || left == sent - due, left + " are left, but " + batch + " or " + due + " were taken");
        batch = sent - left;
        due = batch;
    }

    @Override
    public void finish() {
        survivors();
        try (RingConsumer consumer = SharedRing.open(region, NAME).consumer()) {
            for (int i = 0; i < 20; i++) {
                take(consumer, 1 + i % 6);
                send();
            }
            while (take(consumer, 7) > 0) {
                require(consumer.size() == sent - due, "a wrong number is left");
            }
        }
    }
}
