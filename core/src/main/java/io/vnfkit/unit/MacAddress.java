package io.vnfkit.unit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An Ethernet address.
 *
 * <p>Immutable and thread-safe.
 *
 * @param value its 48 bits, the first octet highest
 */
public record MacAddress(long value) {

    private static final int OCTETS = 6;
    private static final int LOCALLY_ADMINISTERED = 2;
    private static final int MULTICAST = 1;
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if there are more than 48 bits
     */
    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits: " + Long.toHexString(value));
        }
    }

    /**
     * Parses six octets in hexadecimal digits.
     *
     * @param text such as {@code 02:00:00:00:00:01}
     * @return the address
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static MacAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        if (!FORM.matcher(text).matches()) {
            throw new InvalidValueException("MAC address", text, firstFault(text),
                    "expected six octets of two hexadecimal digits, separated by ':'");
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    /**
     * A locally administered address that follows from some texts: the same for the same texts, and for others, as good
     * as surely, another one.
     *
     * @param texts what it shall stand for
     * @return the address
     */
    public static MacAddress derivedFrom(String... texts) {
        byte[] octets = Arrays.copyOf(sha256(String.join("\0", texts)), OCTETS);
        octets[0] = (byte) ((octets[0] | LOCALLY_ADMINISTERED) & ~MULTICAST);
        return of(octets);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private static int firstFault(String text) {
        int at = 0;
        while (at < text.length() && at < 3 * OCTETS - 1) {
            char c = text.charAt(at);
            boolean isRight = at % 3 == 2 ? c == ':' : Character.digit(c, 16) >= 0 && c < 128;
            if (!isRight) {
                return at;
            }
            at++;
        }
        return at;
    }

    /**
     * The address in the order of the wire.
     *
     * @return six new octets
     */
    public byte[] octets() {
        byte[] octets = new byte[OCTETS];
        for (int i = 0; i < OCTETS; i++) {
            octets[i] = (byte) (value >>> 8 * (OCTETS - 1 - i));
        }
        return octets;
    }

    /**
     * Reads an address in the order of the wire.
     *
     * @param octets six octets
     * @return the address
     * @throws IllegalArgumentException if there are more or less than six
     */
    public static MacAddress of(byte[] octets) {
        if (octets.length != OCTETS) {
            throw new IllegalArgumentException("a MAC address has 6 octets, not " + octets.length);
        }
        long value = 0;
        for (byte octet : octets) {
            value = value << 8 | octet & 0xff;
        }
        return new MacAddress(value);
    }

    /**
     * Tells whether it names a group of stations.
     *
     * @return true for multicast and broadcast
     */
    public boolean isMulticast() {
        return (value >>> 40 & 1) != 0;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(octets());
    }
}
