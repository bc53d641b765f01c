package io.vnfkit.dpdk.table;

import io.vnfkit.namespace.InterfaceAddress;
import io.vnfkit.unit.InvalidValueException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A destination of a route.
 *
 * <p>Immutable and thread-safe.
 */
public final class IpPrefix {

    private final byte[] octets;
    private final int depth;

    private IpPrefix(byte[] octets, int depth) {
        this.octets = octets;
        this.depth = depth;
    }

    /**
     * Parses a prefix. Bits behind it must be zero: one that names a host by mistake is refused.
     *
     * @param text such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @return the prefix
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static IpPrefix parse(String text) {
        InterfaceAddress address = InterfaceAddress.parse(text);
        IpPrefix prefix = of(address.octets(), address.prefixLength());
        if (!Arrays.equals(prefix.octets, address.octets())) {
            throw new InvalidValueException("IP prefix", text, 0, "bits behind the prefix are set; it is " + prefix);
        }
        return prefix;
    }

    /**
     * The prefix of an address.
     *
     * @param octets 4 or 16, in the order of the wire
     * @param depth length of the prefix in bits
     * @return the prefix, with the bits behind it cleared
     * @throws IllegalArgumentException if there are other numbers of octets or bits
     */
    public static IpPrefix of(byte[] octets, int depth) {
        if (octets.length != 4 && octets.length != 16) {
            throw new IllegalArgumentException("an IP address has 4 or 16 octets, not " + octets.length);
        }
        if (depth < 0 || depth > octets.length * 8) {
            throw new IllegalArgumentException("a prefix has 0 to " + octets.length * 8 + " bits, not " + depth);
        }
        return new IpPrefix(masked(octets, depth), depth);
    }

    private static byte[] masked(byte[] octets, int depth) {
        byte[] masked = octets.clone();
        for (int i = 0; i < masked.length; i++) {
            int bits = Math.max(0, Math.min(8, depth - 8 * i));
            masked[i] &= (byte) (0xff00 >> bits);
        }
        return masked;
    }

    /**
     * Its address.
     *
     * @return 4 or 16 new octets, in the order of the wire
     */
    public byte[] octets() {
        return octets.clone();
    }

    /**
     * Its length.
     *
     * @return in bits
     */
    public int depth() {
        return depth;
    }

    /**
     * Tells the family.
     *
     * @return true for IPv4, false for IPv6
     */
    public boolean isIpv4() {
        return octets.length == 4;
    }

    /**
     * The prefix of this length that contains this one.
     *
     * @param shorter length in bits, not more than its own
     * @return the prefix
     */
    public IpPrefix shortened(int shorter) {
        if (shorter > depth) {
            throw new IllegalArgumentException(this + " has less than " + shorter + " bits");
        }
        return of(octets, shorter);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpPrefix prefix && prefix.depth == depth && Arrays.equals(prefix.octets, octets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(octets) + depth;
    }

    @Override
    public String toString() {
        try {
            // Not by InetAddress: that takes an IPv4 address that is mapped into IPv6 for one of IPv4.
            InetAddress address = isIpv4() ? InetAddress.getByAddress(octets)
                    : Inet6Address.getByAddress(null, octets, -1);
            return address.getHostAddress() + "/" + depth;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
