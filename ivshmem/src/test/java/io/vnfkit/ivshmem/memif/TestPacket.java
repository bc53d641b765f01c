package io.vnfkit.ivshmem.memif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packets whose every byte follows from a number, as Ethernet frames that macswap changes in a known way. */
final class TestPacket {

    static final int SHORTEST = 60;
    static final int LONGEST = 1514;
    private static final int ADDRESS = 6;

    private TestPacket() {}

    /** Goes through all sizes. */
    static int size(long number) {
        return SHORTEST + (int) (number % (LONGEST - SHORTEST + 1));
    }

    static ByteBuffer of(long number) {
        return of(number, size(number));
    }

    static ByteBuffer of(long number, int size) {
        ByteBuffer packet = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            packet.put(i, (byte) (number * 31 + i * 7 + (i >> 8)));
        }
        // Locally administered, not a group: no driver has a reason to drop it.
        packet.put(0, (byte) 2).put(ADDRESS, (byte) 2);
        // An experimental type that nothing looks into.
        packet.put(12, (byte) 0x88).put(13, (byte) 0xb5);
        return size >= 22 ? packet.putLong(14, number) : packet;
    }

    /** What macswap makes of it. */
    static ByteBuffer swapped(ByteBuffer packet) {
        ByteBuffer swapped = ByteBuffer.allocate(packet.limit()).order(ByteOrder.LITTLE_ENDIAN);
        swapped.put(0, packet, 0, packet.limit());
        swapped.put(0, packet, ADDRESS, ADDRESS);
        swapped.put(ADDRESS, packet, 0, ADDRESS);
        return swapped;
    }
}
