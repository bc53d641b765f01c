package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a client has its rings and buffers, all in region 0: first the rings towards the server, then those towards the
 * client, then the buffers in the same order, one behind each descriptor. Pure.
 *
 * @param rings how many of what size
 * @param base where in the region it begins; a multiple of 128
 */
record MemoryLayout(RingSettings rings, long base) {

    /** Offsets in messages and descriptors have 32 bits. */
    static final long REACH = 1L << 32;
    static final int ALIGNMENT = 128;

    MemoryLayout {
        if (base < 0 || base % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "the memory of a link begins at a multiple of " + ALIGNMENT + " bytes, not at " + base);
        }
        if (base + bytes(rings) > REACH) {
            throw new IllegalArgumentException("memif reaches the first " + REACH + " bytes of a file; " + rings + " from "
                    + base + " on take " + bytes(rings) + " more");
        }
    }

    static long bytes(RingSettings rings) {
        return buffersAt(rings) + ((long) count(rings) * rings.bufferSize() << rings.log2Size());
    }

    private static int count(RingSettings rings) {
        return rings.clientToServer() + rings.serverToClient();
    }

    private static long ringStride(RingSettings rings) {
        return roundUp(rings.cacheLine().ringBytes(rings.log2Size()));
    }

    private static long buffersAt(RingSettings rings) {
        return count(rings) * ringStride(rings);
    }

    private static long roundUp(long bytes) {
        return bytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    long end() {
        return base + bytes(rings);
    }

    long ringAt(Direction direction, int index) {
        return base + position(direction, index) * ringStride(rings);
    }

    /** Where the buffers of a ring begin; they follow each other. */
    long buffersAt(Direction direction, int index) {
        long before = (long) position(direction, index) * rings.bufferSize() << rings.log2Size();
        return base + buffersAt(rings) + before;
    }

    private int position(Direction direction, int index) {
        return direction == Direction.CLIENT_TO_SERVER ? index : rings.clientToServer() + index;
    }

    List<AddRing> messages() {
        List<AddRing> messages = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (int i = 0; i < rings.count(direction); i++) {
                messages.add(new AddRing(direction, i, 0, ringAt(direction, i), rings.log2Size(), 0));
            }
        }
        return messages;
    }
}
