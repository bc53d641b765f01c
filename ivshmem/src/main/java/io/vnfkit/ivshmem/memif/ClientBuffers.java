package io.vnfkit.ivshmem.memif;

import java.nio.ByteBuffer;

/** The buffers behind one ring of a client: one for each descriptor, at a fixed place in region 0. */
final class ClientBuffers {

    private final RegionMemory region;
    private final long first;
    private final int size;

    ClientBuffers(RegionMemory region, long first, int size) {
        this.region = region;
        this.first = first;
        this.size = size;
    }

    int size() {
        return size;
    }

    long offset(int slot) {
        return first + (long) slot * size;
    }

    ByteBuffer window(long offset) {
        return region.windowAt(offset);
    }

    /** Writes a whole descriptor: the other side may have changed any part of it. */
    void describe(Ring ring, int index, int length, int flags) {
        ring.word(index, RingFields.word(flags, 0, length));
        ring.offset(index, offset(index & ring.size() - 1));
    }
}
