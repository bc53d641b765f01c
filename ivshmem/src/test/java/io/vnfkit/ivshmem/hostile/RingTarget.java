package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import java.util.Random;

/** Both sides of a ring. */
public final class RingTarget extends RegionTarget {

    private static final String NAME = "ring";
    private static final int WORDS = 3;

    private final SharedRing ring;

    public RingTarget() {
        super(NAME);
        ring = SharedRing.create(region, NAME, 15, WORDS * Long.BYTES, "test");
        guard();
    }

    @Override
    public void use(Random random) {
        try (RingProducer producer = opened(ring::producer); RingConsumer consumer = opened(ring::consumer)) {
            long[] elements = new long[WORDS * 20];
            repeat(12, i -> {
                int count = random.nextInt(20);
                if (producer != null) {
                    int taken = producer.offer(elements, 0, count);
                    require(taken >= 0 && taken <= Math.min(count, 15), taken + " elements were taken");
                    require(producer.size() <= 15, "too many elements are said to be there");
                    producer.offerAll(elements, 0, count);
                }
                if (consumer != null) {
                    int taken = consumer.poll(elements, 0, count);
                    require(taken >= 0 && taken <= Math.min(count, 15), taken + " elements came");
                    require(consumer.size() <= 15 && !(consumer.isEmpty() && consumer.size() < 0), "a wrong size");
                }
                return true;
            });
        }
    }
}
