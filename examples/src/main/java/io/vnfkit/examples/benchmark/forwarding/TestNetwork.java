package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.unit.MacAddress;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.Subscriber;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of the network that the tables and the packets of the benchmark are about. */
final class TestNetwork {

    static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:02");
    static final Inet4Address GATEWAY = address(0xac100001);
    static final Inet4Address CORE_ROUTER = address(0xac100002);
    static final int LABEL = 1000;

    private static final int FIRST_ROUTE = 0x01000000;
    private static final int TAG_BITS = 12;

    private TestNetwork() {}

    static Inet4Address address(int bits) {
        try {
            return (Inet4Address) InetAddress.getByAddress(octets(bits));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] octets(int bits) {
        return new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
    }

    /** The address of route i, a /24: 1.0.0.0, 1.0.1.0 and so on. */
    static int routeAddress(int i) {
        return FIRST_ROUTE + (i << 8);
    }

    static IpPrefix route(int i) {
        return IpPrefix.of(octets(routeAddress(i)), 24);
    }

    /** Subscriber i: its two tags are the halves of its number, its GRE key is one more than the number. */
    static Subscriber subscriber(int i) {
        return new Subscriber(outerTag(i), innerTag(i), greKey(i), NEIGHBOUR, i & 1);
    }

    static int outerTag(int i) {
        return i >> TAG_BITS;
    }

    static int innerTag(int i) {
        return i & (1 << TAG_BITS) - 1;
    }

    static int greKey(int i) {
        return i + 1;
    }
}
