package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Windows;

/** The client receives: it has posted empty buffers of its own with the head, and the server fills them up to the tail. */
final class ClientReceiveQueue extends ReceiveQueue {

    private final ClientBuffers buffers;

    ClientReceiveQueue(Ring ring, LinkState state, EventDescriptor event, ClientBuffers buffers) {
        super(ring, state, event);
        this.buffers = buffers;
    }

    /** All buffers are the server's; to be called when it has connected, since it empties the ring before. */
    void post() {
        for (int i = 0; i < ring.size(); i++) {
            buffers.describe(ring, i, buffers.size(), 0);
        }
        ring.head(ring.size());
    }

    @Override
    int loadPublished() {
        return ring.tail();
    }

    /** Which buffer it is, the client knows itself: of the descriptor it takes the length and the flag alone. */
    @Override
    void fetch(int index, PacketBurst burst) {
        long word = ring.word(index);
        long length = RingFields.length(word);
        if (length == 0 || length > buffers.size()) {
            damaged(index, "a packet of " + length + " bytes in a buffer of " + buffers.size());
            return;
        }
        long offset = buffers.offset(index & ring.size() - 1);
        burst.add(buffers.window(offset), Windows.indexOf(offset), (int) length, buffers.size(), 0,
                RingFields.isContinued(word));
    }

    @Override
    void giveBack(int count) {
        if (state.isUp()) {
            for (int i = 0; i < count; i++) {
                buffers.describe(ring, oldest + i, buffers.size(), 0);
            }
            ring.head(oldest + count + ring.size());
        }
        oldest += count;
    }
}
