package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.unit.Bytes;
import java.util.Random;

/** Writer and readers of a broadcast. */
public final class BroadcastTarget extends RegionTarget {

    private static final String NAME = "events";

    private final Broadcast broadcast;

    public BroadcastTarget() {
        super(NAME);
        broadcast = Broadcast.create(region, NAME, Bytes.of(1024), "test");
        guard();
    }

    @Override
    public void use(Random random) {
        byte[] bytes = new byte[128];
        BroadcastReader early = opened(() -> broadcast.reader(Start.NEXT));
        for (int round = 0; round < 4; round++) {
            try (BroadcastWriter writer = opened(broadcast::writer)) {
                for (int i = random.nextInt(12); writer != null && i > 0; i--) {
                    writer.write(1, bytes, 0, random.nextInt(129));
                }
            }
            read(early, random);
            read(opened(() -> broadcast.reader(Start.LATEST)), random);
        }
    }

    private static void read(BroadcastReader reader, Random random) {
        if (reader == null) {
            return;
        }
        repeat(4, i -> {
            int limit = 1 + random.nextInt(9);
            int[] count = {0};
            int read = reader.read((type, memory, offset, length) -> {
                require(length >= 0 && length <= 128, "a message has " + length + " bytes");
                memory.get(offset, new byte[length]);
                require(++count[0] <= limit, "more messages came than were asked for");
            }, limit);
            require(read == count[0], "a wrong number is said to have been read");
            return !reader.isEmpty();
        });
    }
}
