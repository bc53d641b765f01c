package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Windows;

/** The client sends: from its own buffers, published with the head, free again up to the tail. */
final class ClientTransmitQueue extends TransmitQueue {

    private final ClientBuffers buffers;

    ClientTransmitQueue(Ring ring, LinkState state, EventDescriptor event, ClientBuffers buffers) {
        super(ring, state, event);
        this.buffers = buffers;
        this.end = ring.size();
    }

    @Override
    int loadEnd() {
        return ring.tail() + ring.size() & 0xffff;
    }

    @Override
    void fetch(int index, PacketBurst burst) {
        long offset = buffers.offset(index & ring.size() - 1);
        burst.add(buffers.window(offset), Windows.indexOf(offset), 0, buffers.size(), 0, false);
    }

    @Override
    void describe(int index, PacketBurst burst, int i) {
        buffers.describe(ring, index, burst.length(i), burst.isContinued(i) ? RingFields.NEXT : 0);
    }

    @Override
    void publish(int index) {
        ring.head(index);
    }
}
