package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntFunction;

/** Writes files of packets in the format of pcap, for ports that give them again and again from memory. */
final class PacketFile {

    private static final int MAGIC = 0xa1b2c3d4;
    private static final int LINK_ETHERNET = 1;
    private static final int SNAP_LENGTH = 65535;
    private static final int PAYLOAD = 26;
    private static final int IPV4 = 20;
    private static final int GRE = 47;
    private static final int UDP = 17;
    private static final long SEED = 42;

    private PacketFile() {}

    /** Packets to hosts in the first routes, one route after the other in an order without a pattern. */
    static Path routed(Path file, int routes, int packets) throws IOException {
        Random random = new Random(SEED);
        return write(file, packets, i -> {
            ByteBuffer packet = ethernet(0x0800);
            udp(packet, TestNetwork.routeAddress(random.nextInt(routes)) + 1 + random.nextInt(254));
            return packet;
        });
    }

    /** Packets of the first subscribers to hosts of the first route. */
    static Path upstream(Path file, int subscribers, int packets) throws IOException {
        Random random = new Random(SEED);
        return write(file, packets, i -> {
            int subscriber = random.nextInt(subscribers);
            ByteBuffer packet = ethernet(0x88a8);
            packet.putShort((short) TestNetwork.outerTag(subscriber)).putShort((short) 0x8100);
            packet.putShort((short) TestNetwork.innerTag(subscriber)).putShort((short) 0x0800);
            udp(packet, TestNetwork.routeAddress(0) + 1 + random.nextInt(254));
            return packet;
        });
    }

    /** Packets from the core to the first subscribers. */
    static Path downstream(Path file, int subscribers, int packets) throws IOException {
        Random random = new Random(SEED);
        return write(file, packets, i -> {
            int subscriber = random.nextInt(subscribers);
            ByteBuffer packet = ethernet(0x8847);
            // Label, bottom of the stack, time to live.
            packet.putInt(TestNetwork.LABEL << 12 | 0x100 | 64);
            ipv4(packet, IPV4 + 8 + IPV4 + PAYLOAD, GRE, TestNetwork.CORE_ROUTER.getAddress(),
                    TestNetwork.GATEWAY.getAddress());
            packet.putShort((short) 0x2000).putShort((short) 0x0800).putInt(TestNetwork.greKey(subscriber));
            udp(packet, TestNetwork.routeAddress(0) + 1 + random.nextInt(254));
            return packet;
        });
    }

    private static Path write(Path file, int packets, IntFunction<ByteBuffer> content) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file)) {
            ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
            header.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putLong(0).putInt(SNAP_LENGTH)
                    .putInt(LINK_ETHERNET);
            stream.write(header.array());
            for (int i = 0; i < packets; i++) {
                ByteBuffer packet = content.apply(i).flip();
                ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
                record.putLong(0).putInt(packet.limit()).putInt(packet.limit());
                stream.write(record.array());
                stream.write(packet.array(), 0, packet.limit());
            }
        }
        return file;
    }

    private static ByteBuffer ethernet(int type) {
        ByteBuffer packet = ByteBuffer.allocate(256);
        packet.put(TestNetwork.OWN.octets()).put(TestNetwork.NEIGHBOUR.octets()).putShort((short) type);
        return packet;
    }

    private static void udp(ByteBuffer packet, int destination) {
        ipv4(packet, IPV4 + PAYLOAD, UDP, TestNetwork.CORE_ROUTER.getAddress(),
                TestNetwork.address(destination).getAddress());
        packet.putShort((short) 9).putShort((short) 9).putShort((short) PAYLOAD).putShort((short) 0);
        packet.position(packet.position() + PAYLOAD - 8);
    }

    private static void ipv4(ByteBuffer packet, int length, int protocol, byte[] from, byte[] to) {
        int start = packet.position();
        packet.putShort((short) 0x4500).putShort((short) length).putShort((short) 0).putShort((short) 0x4000);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0).put(from).put(to);
        int sum = 0;
        for (int at = start; at < start + IPV4; at += 2) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        packet.putShort(start + 10, (short) ~((sum & 0xffff) + (sum >>> 16)));
    }
}
