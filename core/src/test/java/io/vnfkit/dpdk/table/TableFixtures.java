package io.vnfkit.dpdk.table;

import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Short names for what tests of tables need again and again. */
final class TableFixtures {

    private TableFixtures() {}

    /** A next hop that differs from others by this number alone. */
    static NextHop hop(int number) {
        return NextHop.via(number % 16, new MacAddress(0x020000000000L + number), new MacAddress(0x020000001000L));
    }

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text);
    }

    static Inet4Address ip(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }
}
