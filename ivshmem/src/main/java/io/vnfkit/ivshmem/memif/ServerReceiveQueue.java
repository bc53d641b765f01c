package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Windows;

/** The server receives: the client describes buffers in its regions up to the head, the server is done up to the tail. */
final class ServerReceiveQueue extends ReceiveQueue {

    private final ForeignBuffers buffers;

    ServerReceiveQueue(Ring ring, LinkState state, EventDescriptor event, ForeignBuffers buffers) {
        super(ring, state, event);
        this.buffers = buffers;
    }

    @Override
    int loadPublished() {
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
        int length = (int) RingFields.length(word);
        burst.add(buffers.window(region, offset), Windows.indexOf(offset), length, length, region,
                RingFields.isContinued(word));
    }

    @Override
    void giveBack(int count) {
        if (state.isUp()) {
            for (int i = 0; i < count; i++) {
                endPacketAt(oldest + i);
            }
            ring.tail(oldest + count);
        }
        oldest += count;
    }

    /**
     * DPDK before 26.03 as a client sets the flag of a packet that goes on and never takes it away from the first
     * buffer of the next packet there, which would then be joined with its successor.
     */
    private void endPacketAt(int index) {
        long word = ring.word(index);
        if (RingFields.isContinued(word)) {
            ring.word(index, word & ~(long) RingFields.NEXT);
        }
    }
}
