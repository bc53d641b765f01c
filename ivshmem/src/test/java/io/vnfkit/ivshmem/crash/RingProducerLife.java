package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.unit.Bytes;

/** Producers of a ring are killed; each batch is there as a whole or not at all. */
public final class RingProducerLife extends RegionLife {

    private static final String NAME = "ring";

    private final int words;
    private final Expected expected = new Expected();
    private final RingConsumer consumer;
    private long next;

    /** The variant decides how large elements are, and where in the ring it begins. */
    public RingProducerLife(int variant) {
        super(Bytes.kibibytes(16));
        words = 1 + variant % 3;
        SharedRing ring = SharedRing.create(region, NAME, 15, words * Long.BYTES, "test");
        consumer = ring.consumer();
        try (RingProducer producer = ring.producer()) {
            for (int i = 0; i < variant; i++) {
                offer(producer, 3);
                survivors();
            }
        }
    }

    private void offer(RingProducer producer, int count) {
        long[] elements = new long[count * words];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = next * words + i;
        }
        expected.begin(next, count);
        next += count;
        if (count == 1 && words == 1) {
            expected.end(producer.offer(elements[0]) ? 1 : 0);
        } else if (count == 2) {
            expected.end(producer.offerAll(elements, 0, count) ? count : 0);
        } else {
            expected.end(producer.offer(elements, 0, count));
        }
    }

    @Override
    public void victim() {
        RingProducer producer = SharedRing.open(newVictim(), NAME).producer();
        offer(producer, 1);
        offer(producer, 5);
        offer(producer, 2);
    }

    @Override
    public void survivors() {
        long[] elements = new long[4 * words];
        int taken;
        while ((taken = consumer.poll(elements, 0, 4)) > 0) {
            for (int i = 0; i < taken; i++) {
                long number = elements[i * words] / words;
                for (int word = 0; word < words; word++) {
                    require(elements[i * words + word] == number * words + word, "element " + number + " is torn");
                }
                expected.arrived(number);
            }
        }
        expected.quiet();
    }

    @Override
    public void finish() {
        try (RingProducer producer = SharedRing.open(region, NAME).producer()) {
            for (int i = 0; i < 20; i++) {
                offer(producer, 1 + i % 6);
                survivors();
            }
            require(producer.size() == 0, "the producer is said to have sent " + producer.size() + " more");
        }
    }
}
