package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;

/** Writers of a broadcast are killed; each message is there whole or not at all, also for who comes then. */
public final class BroadcastLife extends RegionLife {

    private static final String NAME = "events";

    private final Numbered numbered = new Numbered(96);
    private final Expected expected = new Expected();
    private final Broadcast broadcast;
    private final BroadcastReader reader;
    private long next;
    private long arrived;
    /** Reads nothing before a death, and may be lapped then. */
    private final BroadcastReader lazy;
    private long arrivedLate;

    public BroadcastLife(int variant) {
        super(Bytes.kibibytes(16));
        broadcast = Broadcast.create(region, NAME, Bytes.of(1024), "test");
        reader = broadcast.reader(Start.NEXT);
        lazy = broadcast.reader(Start.NEXT);
        try (BroadcastWriter writer = broadcast.writer()) {
            for (int i = 0; i < variant * 4; i++) {
                write(writer);
                readAll();
            }
        }
    }

    private void write(BroadcastWriter writer) {
        byte[] message = numbered.message(next);
        expected.begin(next++, 1);
        if (next % 2 == 0) {
            writer.write(1, message, 0, message.length);
        } else {
            writer.write(1, ByteBuffer.wrap(message), 0, message.length);
        }
        expected.end(1);
    }

    @Override
    public void victim() {
        BroadcastWriter writer = Broadcast.open(newVictim(), NAME).writer();
        for (int i = 0; i < 4; i++) {
            write(writer);
        }
    }

    @Override
    public void survivors() {
        readAll();
        readLate();
        broadcast.reader(Start.LATEST).read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            numbered.numberOf(message);
        }, 3);
        require(broadcast.reader(Start.NEXT).isEmpty() || arrived > 0, "who begins with the next one finds an old one");
    }

    private void readLate() {
        for (int i = 0; i < 100 && !lazy.isEmpty(); i++) {
            lazy.read((type, memory, offset, length) -> {
                byte[] message = new byte[length];
                memory.get(offset, message);
                numbered.numberOf(message);
                arrivedLate++;
            }, 3);
        }
        require(arrivedLate + lazy.lost() == arrived, arrivedLate + " came late and " + lazy.lost() + " were lost of " + arrived);
    }

    private void readAll() {
        int read;
        do {
            read = reader.read((type, memory, offset, length) -> {
                byte[] message = new byte[length];
                memory.get(offset, message);
                expected.arrived(numbered.numberOf(message));
                arrived++;
            }, 3);
        } while (read > 0);
        expected.quiet();
        require(reader.lost() == 0, "a reader that is always there lost " + reader.lost());
    }

    @Override
    public void finish() {
        survivors();
        try (BroadcastWriter writer = broadcast.writer()) {
            require(writer.written() == arrived, "the writer says that " + writer.written() + " were written, but "
                    + arrived + " have come");
            require(broadcast.reader(Start.NEXT).isEmpty(), "the newest message is not named after a takeover");
            for (int i = 0; i < 40; i++) {
                write(writer);
                survivors();
                require(broadcast.reader(Start.NEXT).isEmpty(), "who begins with the next one finds an old one");
            }
        }
    }
}
