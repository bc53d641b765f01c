package io.vnfkit.namespace;

import io.vnfkit.unit.InvalidValueException;
import java.util.Objects;

/**
 * An IP address with the length of its prefix.
 *
 * <p>Immutable and thread-safe.
 */
public final class InterfaceAddress {

    private final byte[] octets;
    private final int prefixLength;
    private final String text;

    private InterfaceAddress(byte[] octets, int prefixLength, String text) {
        this.octets = octets;
        this.prefixLength = prefixLength;
        this.text = text;
    }

    /**
     * Parses an address in CIDR notation. Only literals are taken; no name is ever looked up.
     *
     * @param text such as {@code 10.0.0.2/24} or {@code fd00::2/64}
     * @return the address
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static InterfaceAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new InvalidValueException("interface address", text, text.length(),
                    "expected '/' and a prefix length");
        }
        String address = text.substring(0, slash);
        byte[] octets = address.indexOf(':') >= 0 ? Ipv6Literal.parse(text, address) : ipv4(text, address);
        int prefixLength = number(text, slash + 1, text.length(), octets.length * 8);
        return new InterfaceAddress(octets, prefixLength, text);
    }

    private static byte[] ipv4(String text, String address) {
        byte[] octets = new byte[4];
        int start = 0;
        for (int i = 0; i < 4; i++) {
            int end = i == 3 ? address.length() : address.indexOf('.', start);
            if (end < 0) {
                throw new InvalidValueException("interface address", text, address.length(), "expected four octets");
            }
            octets[i] = (byte) number(text, start, end, 255);
            start = end + 1;
        }
        return octets;
    }

    private static int number(String text, int start, int end, int maximum) {
        int value = 0;
        for (int position = start; position < end; position++) {
            char character = text.charAt(position);
            if (character < '0' || character > '9') {
                throw new InvalidValueException("interface address", text, position, "expected a decimal number");
            }
            value = value * 10 + character - '0';
            if (value > maximum) {
                throw new InvalidValueException("interface address", text, start, "number is larger than " + maximum);
            }
        }
        if (start == end || text.charAt(start) == '0' && end - start > 1) {
            throw new InvalidValueException("interface address", text, start,
                    "expected a number without leading zeros");
        }
        return value;
    }

    /**
     * The address itself.
     *
     * @return 4 or 16 octets in network order; a copy
     */
    public byte[] octets() {
        return octets.clone();
    }

    /**
     * The length of the prefix.
     *
     * @return number of bits
     */
    public int prefixLength() {
        return prefixLength;
    }

    /**
     * Tells whether it is an IPv6 address.
     *
     * @return false for IPv4
     */
    public boolean isIpv6() {
        return octets.length == 16;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InterfaceAddress address
                && address.prefixLength == prefixLength && java.util.Arrays.equals(address.octets, octets);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(octets) * 31 + prefixLength;
    }

    /**
     * The address as it was written.
     *
     * @return such as {@code 10.0.0.2/24}
     */
    @Override
    public String toString() {
        return text;
    }
}
