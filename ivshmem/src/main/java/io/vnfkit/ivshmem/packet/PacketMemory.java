package io.vnfkit.ivshmem.packet;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.Windows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of packets anywhere in a region of any size. */
final class PacketMemory {

    private final Windows windows;
    private final long from;
    private final long to;

    PacketMemory(Region region) {
        this.from = region.header().firstObject();
        this.to = region.header().size();
        this.windows = new Windows(to, Descriptor.MAX_LENGTH, region::window);
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

    /** The window that a packet lies in, at {@link Windows#indexOf}. */
    ByteBuffer windowOf(long offset) {
        return windows.of(offset);
    }

    ByteBuffer slice(long descriptor) {
        require(descriptor, "packet");
        long offset = Descriptor.offset(descriptor);
        return windowOf(offset).slice(Windows.indexOf(offset), Descriptor.length(descriptor)).order(ByteOrder.BIG_ENDIAN);
    }

    int copyFrom(long descriptor, byte[] target, int at) {
        require(descriptor, "packet");
        long offset = Descriptor.offset(descriptor);
        int length = Descriptor.length(descriptor);
        windowOf(offset).get(Windows.indexOf(offset), target, at, length);
        return length;
    }

    void copyTo(long offset, byte[] source, int at, int length) {
        windowOf(offset).put(Windows.indexOf(offset), source, at, length);
    }
}
