package io.vnfkit.dpdk;

import io.vnfkit.unit.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Packets put together by hand, without the code under test. */
public final class Packets {

    public static final MacAddress HOST = MacAddress.parse("02:00:00:00:00:01");
    public static final MacAddress ROUTER = MacAddress.parse("02:00:00:00:00:02");

    private Packets() {}

    public static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }

    public static byte[] ethernet(int type, byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length).put(ROUTER.octets()).put(HOST.octets()).putShort((short) type)
                .put(payload).array();
    }

    /** UDP without a checksum over IPv4. */
    public static byte[] ipv4(String from, String to, int ttl, int payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + 8 + payload);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity()).putInt(0x12340000).put((byte) ttl)
                .put((byte) 17).putShort((short) 0).put(address(from)).put(address(to));
        packet.putShort(10, checksum(packet.array(), 0, 20));
        packet.putShort((short) 1000).putShort((short) 2000).putShort((short) (8 + payload)).putShort((short) 0);
        return packet.array();
    }

    public static byte[] ipv6(String from, String to, int hopLimit, int payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload);
        packet.putInt(0x60000000).putShort((short) payload).put((byte) 59).put((byte) hopLimit);
        return packet.put(address(from)).put(address(to)).array();
    }

    /** RFC 1071, in the plainest way. */
    public static short checksum(byte[] bytes, int start, int length) {
        int sum = 0;
        for (int at = start; at < start + length; at += 2) {
            sum += (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (short) ~sum;
    }

    public static byte[] qinq(int outer, int inner, byte[] ipv4) {
        ByteBuffer packet = ByteBuffer.allocate(22 + ipv4.length).put(ROUTER.octets()).put(HOST.octets());
        packet.putShort((short) 0x88a8).putShort((short) outer).putShort((short) 0x8100).putShort((short) inner);
        return packet.putShort((short) 0x0800).put(ipv4).array();
    }

    /** A packet as a router of the core sends it. */
    public static byte[] tunnelled(int label, String from, String to, int key, byte[] ipv4) {
        ByteBuffer outer = ByteBuffer.allocate(20 + 8 + ipv4.length);
        outer.put((byte) 0x45).put((byte) 0).putShort((short) outer.capacity()).putInt(0x4000).put((byte) 64)
                .put((byte) 47).putShort((short) 0).put(address(from)).put(address(to));
        outer.putShort(10, checksum(outer.array(), 0, 20));
        outer.putShort((short) 0x2000).putShort((short) 0x0800).putInt(key).put(ipv4);
        ByteBuffer labelled = ByteBuffer.allocate(4 + outer.capacity()).putInt(label << 12 | 0x100 | 64);
        return ethernet(0x8847, labelled.put(outer.array()).array());
    }
}
