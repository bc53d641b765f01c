package io.vnfkit.namespace;

import io.vnfkit.unit.InvalidValueException;

/** IPv6 literals of RFC 4291, section 2.2, forms 1 and 2 (without an embedded IPv4 address). */
final class Ipv6Literal {

    private static final int GROUPS = 8;

    private Ipv6Literal() {}

    /** Parses {@code address}, which starts {@code text}; positions are those of the text. */
    static byte[] parse(String text, String address) {
        int gap = address.indexOf("::");
        if (gap < 0) {
            return octets(text, groups(text, address, 0), new int[0]);
        }
        if (address.indexOf("::", gap + 1) >= 0) {
            throw refuse(text, address.indexOf("::", gap + 1), "a second \"::\"");
        }
        return octets(text, groups(text, address.substring(0, gap), 0), groups(text, address.substring(gap + 2), gap
                + 2));
    }

    private static int[] groups(String text, String part, int offset) {
        if (part.isEmpty()) {
            return new int[0];
        }
        String[] words = part.split(":", -1);
        int[] groups = new int[words.length];
        int position = offset;
        for (int i = 0; i < words.length; i++) {
            groups[i] = group(text, words[i], position);
            position += words[i].length() + 1;
        }
        return groups;
    }

    private static int group(String text, String word, int position) {
        if (word.isEmpty() || word.length() > 4) {
            throw refuse(text, position, "expected 1 to 4 hexadecimal digits");
        }
        int value = 0;
        for (int i = 0; i < word.length(); i++) {
            int digit = word.charAt(i) < 128 ? Character.digit(word.charAt(i), 16) : -1;
            if (digit < 0) {
                throw refuse(text, position + i, "expected a hexadecimal digit");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static byte[] octets(String text, int[] head, int[] tail) {
        boolean whole = head.length == GROUPS && tail.length == 0;
        boolean abbreviated = head.length + tail.length < GROUPS && text.contains("::");
        if (!whole && !abbreviated) {
            throw refuse(text, 0, "expected eight groups, or \"::\" in place of some");
        }
        byte[] octets = new byte[16];
        for (int i = 0; i < head.length; i++) {
            put(octets, i, head[i]);
        }
        for (int i = 0; i < tail.length; i++) {
            put(octets, GROUPS - tail.length + i, tail[i]);
        }
        return octets;
    }

    private static void put(byte[] octets, int group, int value) {
        octets[2 * group] = (byte) (value >> 8);
        octets[2 * group + 1] = (byte) value;
    }

    private static InvalidValueException refuse(String text, int position, String reason) {
        return new InvalidValueException("interface address", text, position, reason);
    }
}
