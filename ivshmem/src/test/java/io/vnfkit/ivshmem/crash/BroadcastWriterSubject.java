package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.unit.Bytes;

/** A message is read whole, or counted as lost; nobody who comes finds anything else. */
final class BroadcastWriterSubject implements Subject {

    private static final String NAME = "events";

    private final Numbered numbered = new Numbered(200);
    private Broadcast broadcast;
    private BroadcastReader reader;
    private long next;
    private long lost;

    @Override
    public void work(Region region, long from) {
        BroadcastWriter writer = Broadcast.open(region, NAME).writer();
        Subject.require(writer.written() == from, writer.written() + " messages are there where " + from + " were written");
        for (long number = from; ; number++) {
            byte[] message = numbered.message(number);
            writer.write(1, message, 0, message.length);
        }
    }

    @Override
    public void make(Region region) {
        broadcast = Broadcast.create(region, NAME, Bytes.kibibytes(4), "test");
        reader = broadcast.reader(Start.NEXT);
    }

    @Override
    public long watch() {
        reader.read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            long number = numbered.numberOf(message);
            long due = next + reader.lost() - lost;
            Subject.require(number == due, "message " + number + " came where " + due + " was due");
            lost = reader.lost();
            next = number + 1;
        }, 64);
        return next;
    }

    @Override
    public long settle() {
        Subject.require(!reader.isPeerPresent(), "the dead writer is said to be there");
        while (!reader.isEmpty()) {
            watch();
        }
        requireNewest();
        Subject.require(broadcast.reader(Start.NEXT).isEmpty() || isNewestUnnamed(), "who comes finds an old message");
        return next;
    }

    /** The writer names the newest message behind its publication; it is one before if it died in between. */
    private void requireNewest() {
        broadcast.reader(Start.LATEST).read((type, memory, offset, length) -> {
            byte[] message = new byte[length];
            memory.get(offset, message);
            long number = numbered.numberOf(message);
            Subject.require(number == next - 1 || number == next - 2, "the newest is " + number + " of " + next);
        }, 1);
    }

    private boolean isNewestUnnamed() {
        return broadcast.reader(Start.NEXT).read((type, memory, offset, length) -> {}, 9) == 1;
    }

    @Override
    public void close() {
        // A reader holds nothing.
    }
}
