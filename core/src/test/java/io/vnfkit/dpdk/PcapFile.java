package io.vnfkit.dpdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Capture files of tcpdump, in the classic format. */
public final class PcapFile {

    private static final int MAGIC = 0xa1b2c3d4;
    private static final int ETHERNET = 1;
    private static final int HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private PcapFile() {}

    public static void write(Path file, List<byte[]> packets) throws IOException {
        int size = HEADER + packets.stream().mapToInt(packet -> RECORD_HEADER + packet.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        buffer.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65535).putInt(ETHERNET);
        for (byte[] packet : packets) {
            buffer.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
        }
        Files.write(file, buffer.array());
    }

    public static List<byte[]> read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        List<byte[]> packets = new ArrayList<>();
        buffer.position(HEADER);
        while (buffer.hasRemaining()) {
            byte[] packet = new byte[buffer.getInt(buffer.position() + 8)];
            buffer.position(buffer.position() + RECORD_HEADER).get(packet);
            packets.add(packet);
        }
        return packets;
    }
}
