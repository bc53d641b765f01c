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
        IpPrefix prefix = IpPrefix.parse(word + "/32");
        try {
            return (Inet4Address) InetAddress.getByAddress(requireIpv4(word, prefix).octets());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static IpPrefix requireIpv4(String word, IpPrefix prefix) {
        if (!prefix.isIpv4()) {
            throw new IllegalArgumentException("the ends of a tunnel are IPv4 addresses, not \"" + word + "\"");
        }
        return prefix;
    }
}
