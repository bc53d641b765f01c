package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** IPv4 addresses as words. */
final class Ipv4Text {

    private Ipv4Text() {}

    /**
     * Reads an address; never asks a name server, as {@link InetAddress#getByName} may.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Inet4Address parse(String word) {
        if (word.indexOf(':') >= 0) {
            throw new IllegalArgumentException("the ends of a tunnel are IPv4 addresses, not \"" + word + "\"");
        }
        try {
            return (Inet4Address) InetAddress.getByAddress(IpPrefix.parse(word + "/32").octets());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
