package io.vnfkit.examples.peers;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Octets of addresses that tests write as text. */
final class Addresses {

    private Addresses() {}

    static byte[] octets(String address) {
        // The JDK makes an IPv4 address of an IPv6 one that is mapped.
        if (address.startsWith("::ffff:")) {
            byte[] mapped = Arrays.copyOf(new byte[10], 16);
            mapped[10] = mapped[11] = (byte) 0xff;
            System.arraycopy(octets(address.substring(7)), 0, mapped, 12, 4);
            return mapped;
        }
        return address(address).getAddress();
    }

    static Inet4Address ipv4(String address) {
        return (Inet4Address) address(address);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }
}
