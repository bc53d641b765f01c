package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Windows;

/** The server sends: into buffers that the client has posted with the head, filled up to the tail. */
final class ServerTransmitQueue extends TransmitQueue {

    private final ForeignBuffers buffers;

    ServerTransmitQueue(Ring ring, LinkState state, EventDescriptor event, ForeignBuffers buffers) {
        super(ring, state, event);
        this.buffers = buffers;
    }

    @Override
    int loadEnd() {
        return ring.head();
    }

    @Override
    void fetch(int index, PacketBurst burst) {
        long word = ring.word(index);
        long offset = ring.offset(index);
        if (!buffers.contain(word, offset)) {
            damaged(index, buffers.whatIsWrong(word, offset));
            return;
        }
        int region = RingFields.region(word);
        burst.add(buffers.window(region, offset), Windows.indexOf(offset), 0, (int) RingFields.length(word), region,
                false);
    }

    /** The offset stays what the client wrote: it knows its buffers. */
    @Override
    void describe(int index, PacketBurst burst, int i) {
        ring.word(index, RingFields.word(burst.isContinued(i) ? RingFields.NEXT : 0, burst.region(i), burst.length(i)));
    }

    @Override
    void publish(int index) {
        ring.tail(index);
    }
}
