package io.vnfkit.examples.peers;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A right IPv6 header for a UDP datagram, which a test makes wrong where it wants. */
final class Ipv6Header {

    String source = "2001:db8:1::1";
    String destination = "2001:db8:2::2";
    int version = 6;
    int excessLength;
    int nextHeader = 17;
    int hopLimit = 64;
    byte[] extension = {};
    byte[] payload = {0x13, (byte) 0x88, 0x13, (byte) 0x88, 0, 16, 0x12, 0x34, 'v', 'n', 'f', 'k', 'i', 't', '!', '!'};
    byte[] padding = {};

    private Ipv6Header() {}

    static Packet packet(String name, Consumer<Ipv6Header> change) {
        Ipv6Header header = new Ipv6Header();
        change.accept(header);
        return new Packet(name, Packet.IPV6, header.bytes());
    }

    private byte[] bytes() {
        int length = extension.length + payload.length;
        ByteBuffer buffer = ByteBuffer.allocate(40 + length + padding.length);
        buffer.putInt(version << 28 | 0x0ab_12345).putShort((short) (length + excessLength));
        buffer.put((byte) nextHeader).put((byte) hopLimit);
        buffer.put(Addresses.octets(source)).put(Addresses.octets(destination));
        return buffer.put(extension).put(payload).put(padding).array();
    }
}
