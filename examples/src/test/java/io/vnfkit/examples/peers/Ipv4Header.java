package io.vnfkit.examples.peers;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A right IPv4 header for a UDP datagram, which a test makes wrong where it wants. The checksum is made last. */
final class Ipv4Header {

    String source = "192.0.2.1";
    String destination = "198.51.100.2";
    int version = 4;
    int words;
    int totalLength;
    int typeOfService = 0x10;
    int identification = 0x1234;
    int fragment;
    int timeToLive = 64;
    int protocol = 17;
    int checksumError;
    byte[] options = {};
    byte[] payload = {0x13, (byte) 0x88, 0x13, (byte) 0x88, 0, 16, 0, 0, 'v', 'n', 'f', 'k', 'i', 't', '!', '!'};
    byte[] padding = {};

    private Ipv4Header() {}

    static Packet packet(String name, Consumer<Ipv4Header> change) {
        Ipv4Header header = new Ipv4Header();
        change.accept(header);
        return new Packet(name, Packet.IPV4, header.bytes());
    }

    private byte[] bytes() {
        int size = 20 + options.length;
        int length = size + payload.length;
        ByteBuffer buffer = ByteBuffer.allocate(length + padding.length);
        buffer.put((byte) (version << 4 | (words == 0 ? size / 4 : words))).put((byte) typeOfService);
        buffer.putShort((short) (totalLength == 0 ? length : totalLength)).putShort((short) identification);
        buffer.putShort((short) fragment).put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
        buffer.put(Addresses.octets(source)).put(Addresses.octets(destination));
        buffer.put(options).put(payload).put(padding);
        buffer.putShort(10, (short) (checksum(buffer, size) + checksumError));
        return buffer.array();
    }

    private static int checksum(ByteBuffer buffer, int size) {
        int sum = 0;
        for (int at = 0; at < size; at += 2) {
            sum += Short.toUnsignedInt(buffer.getShort(at));
        }
        return ~((sum & 0xffff) + (sum >> 16));
    }
}
