package io.vnfkit.ivshmem.order;

import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.ivshmem.crash.Numbered;
import io.vnfkit.unit.Bytes;

/** Messages, each of which comes whole or is counted as lost. */
public final class BroadcastDuel extends RegionDuel {

    private final Numbered numbered = new Numbered(128);
    private final Broadcast broadcast;
    private final BroadcastWriter writer;
    private final BroadcastReader reader;
    private long sent;
    private long next;
    private long lost;
    private int turns;

    public BroadcastDuel() {
        broadcast = Broadcast.create(region, "events", Bytes.of(1024), "test");
        writer = broadcast.writer();
        reader = broadcast.reader(Start.NEXT);
    }

    @Override
    public void write() {
        byte[] message = numbered.message(sent++);
        writer.write(1, message, 0, message.length);
    }

    @Override
    public void read() {
        reader.read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            long number = numbered.numberOf(message);
            long due = next + reader.lost() - lost;
            require(number == due, "message " + number + " came where " + due + " was due");
            lost = reader.lost();
            next = number + 1;
        }, 4);
        if (turns++ % 5 == 0) {
            join();
        }
    }

    private void join() {
        broadcast.reader(Start.LATEST).read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            numbered.numberOf(message);
        }, 1);
    }

    @Override
    public void finish() {
        while (!reader.isEmpty()) {
            read();
        }
        require(next == sent, "message " + next + " is the last that came of " + sent);
    }
}
