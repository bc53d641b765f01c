package io.vnfkit.namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * <p>Immutable and thread-safe.
 *
 * @param value its six octets, the first one highest
 */
public record MacAddress(long value) {

    private static final int OCTETS = 6;
    private static final int LOCALLY_ADMINISTERED = 2;
    private static final int MULTICAST = 1;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it has more than six octets
     */
    public MacAddress {
        if (value < 0 || value >> 8 * OCTETS != 0) {
            throw new IllegalArgumentException("not an Ethernet address: 0x" + Long.toHexString(value));
        }
    }

    /**
     * A locally administered address that follows from some texts: the same for the same texts, and for others, as good
     * as surely, another one.
     *
     * @param texts what it shall stand for
     * @return the address
     */
    public static MacAddress derivedFrom(String... texts) {
        byte[] hash = sha256(String.join("\0", texts));
        long value = (hash[0] | LOCALLY_ADMINISTERED) & ~MULTICAST & 0xff;
        for (int i = 1; i < OCTETS; i++) {
            value = value << 8 | hash[i] & 0xff;
        }
        return new MacAddress(value);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /**
     * Parses an address.
     *
     * @param text such as {@code 02:00:5e:10:00:01}
     * @return the address
     * @throws IllegalArgumentException if the text is anything else
     */
    public static MacAddress parse(String text) {
        if (!text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")) {
            throw new IllegalArgumentException("not an Ethernet address: \"" + text + "\"");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /**
     * The octets in the order in which they are sent.
     *
     * @return a new array of six
     */
    public byte[] octets() {
        byte[] octets = new byte[OCTETS];
        for (int i = 0; i < OCTETS; i++) {
            octets[i] = (byte) (value >> 8 * (OCTETS - 1 - i));
        }
        return octets;
    }

    /** As people and the kernel write it, such as {@code 02:00:5e:10:00:01}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(octets());
    }
}
