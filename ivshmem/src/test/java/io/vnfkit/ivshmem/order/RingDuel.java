package io.vnfkit.ivshmem.order;

import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;

/** Elements, of which none is lost, doubled or torn. */
public final class RingDuel extends RegionDuel {

    private static final int WORDS = 2;

    private final RingProducer producer;
    private final RingConsumer consumer;
    private long sent;
    private long next;

    public RingDuel() {
        SharedRing ring = SharedRing.create(region, "ring", 7, WORDS * Long.BYTES, "test");
        producer = ring.producer();
        consumer = ring.consumer();
    }

    @Override
    public int roomAt() {
        return (int) region.find("ring").orElseThrow().offset() + 4 * 64 + 4;
    }

    @Override
    public void write() {
        int count = 1 + (int) (sent % 4);
        long[] elements = new long[count * WORDS];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = sent * WORDS + i;
        }
        sent += producer.offer(elements, 0, count);
    }

    @Override
    public void read() {
        long[] elements = new long[3 * WORDS];
        int taken = consumer.poll(elements, 0, 3);
        for (int i = 0; i < taken * WORDS; i++) {
            require(elements[i] == next * WORDS + i, "element " + next + " has " + elements[i]);
        }
        next += taken;
    }

    @Override
    public void finish() {
        while (!consumer.isEmpty()) {
            read();
        }
        require(next == sent, next + " elements came of " + sent);
    }
}
