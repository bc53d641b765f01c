package io.vnfkit.ivshmem.packet;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of packets anywhere in a region of any size, in windows that overlap by the longest packet, so that each
 * packet lies in one.
 */
final class PacketMemory {

    private static final int WINDOW_SHIFT = 30;

    private final ByteBuffer[] windows;
    private final long from;
    private final long to;

    PacketMemory(Region region) {
        this.from = region.header().firstObject();
        this.to = region.header().size();
        this.windows = new ByteBuffer[(int) (to - 1 >>> WINDOW_SHIFT) + 1];
        for (int i = 0; i < windows.length; i++) {
            long start = (long) i << WINDOW_SHIFT;
            long length = Math.min((1L << WINDOW_SHIFT) + Descriptor.MAX_LENGTH, to - start);
            windows[i] = region.window(start, (int) length);
        }
    }

    long size() {
        return to;
    }

    /** Checks a descriptor that a peer has made. */
    void require(long descriptor, String what) {
        if (!Descriptor.isWithin(descriptor, from, to)) {
            throw new DamagedRegionException(what + " " + Descriptor.show(descriptor) + " is not within the region's bytes "
                    + from + " to " + to);
        }
    }

    /** The window that a packet lies in; see {@link #indexOf}. */
    ByteBuffer windowOf(long offset) {
        return windows[(int) (offset >>> WINDOW_SHIFT)];
    }

    /** Where in its window a packet begins. */
    int indexOf(long offset) {
        return (int) (offset & (1L << WINDOW_SHIFT) - 1);
    }

    ByteBuffer slice(long descriptor) {
        require(descriptor, "packet");
        long offset = Descriptor.offset(descriptor);
        return windowOf(offset).slice(indexOf(offset), Descriptor.length(descriptor)).order(ByteOrder.BIG_ENDIAN);
    }

    int copyFrom(long descriptor, byte[] target, int at) {
        require(descriptor, "packet");
        long offset = Descriptor.offset(descriptor);
        int length = Descriptor.length(descriptor);
        windowOf(offset).get(indexOf(offset), target, at, length);
        return length;
    }

    void copyTo(long offset, byte[] source, int at, int length) {
        windowOf(offset).put(indexOf(offset), source, at, length);
    }
}
