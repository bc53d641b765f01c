package io.vnfkit.ivshmem.memif;

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
        burst.add(buffers.window(region, offset), RegionMemory.indexAt(offset), length, length, region,
                RingFields.isContinued(word));
    }

    @Override
    void giveBack(int count) {
        oldest += count;
        if (state.isUp()) {
            ring.tail(oldest);
        }
    }
}
