package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.access.Accesses;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has to arrive, in order: what was sent for certain, and what was being sent when the sender was killed, or not. */
final class Expected {

    private record Entry(long number, int batch, boolean isCertain) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private int batches;
    private int arriving = -1;

    /** The sender begins with a batch, which is to be seen as a whole or not at all. */
    void begin(long first, int count) {
        // What it did before is done, whatever the compiler did with its order.
        Accesses.fullFence();
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(first + i, batches, false));
        }
        batches++;
    }

    /** The sender was told that so many of its last batch are sent, and that the others are not. */
    void end(int sent) {
        Deque<Entry> last = new ArrayDeque<>();
        while (!entries.isEmpty() && entries.getLast().batch == batches - 1) {
            last.addFirst(entries.removeLast());
        }
        for (int i = 0; i < sent; i++) {
            Entry entry = last.removeFirst();
            entries.addLast(new Entry(entry.number, entry.batch, true));
        }
        Accesses.fullFence();
    }

    void arrived(long number) {
        while (!entries.isEmpty() && !entries.getFirst().isCertain && entries.getFirst().number != number
                && entries.getFirst().batch != arriving) {
            entries.removeFirst();
        }
        Entry entry = entries.pollFirst();
        if (entry == null || entry.number != number) {
            throw new AssertionError("number " + number + " arrived where " + entry + " was due");
        }
        arriving = entry.batch;
    }

    /** Nothing more is there: what was not certain will not come any more. */
    void quiet() {
        for (Entry entry : entries) {
            if (entry.isCertain || entry.batch == arriving) {
                throw new AssertionError("nothing more is there, but " + entry + " is due");
            }
        }
        entries.clear();
    }
}
