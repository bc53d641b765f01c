package io.vnfkit.ivshmem.memif;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Text in a field of fixed length, filled with NUL. The protocol names no alphabet; in Latin-1 every byte has a
 * character, so that what a peer sends can be shown and compared whatever it is.
 */
final class FixedText {

    private FixedText() {}

    static void require(String what, String text, int bytes) {
        if (text.length() > bytes || text.chars().anyMatch(c -> c == 0 || c > 0xff)) {
            throw new IllegalArgumentException(what + " of a memif message has at most " + bytes
                    + " Latin-1 characters and no NUL, not " + text.length() + ": \"" + text.replace("\0", "\\0") + "\"");
        }
    }

    /** Texts that people choose: also with a NUL behind, which C programs look for. */
    static String requireName(String what, String text, int bytes) {
        if (text.length() >= bytes || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException(what + " has at most " + (bytes - 1) + " printable ASCII characters, not "
                    + text.length() + ": \"" + text + "\"");
        }
        return text;
    }

    static String fit(String text, int bytes) {
        String latin = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1)
                .replace('\0', '?');
        return latin.substring(0, Math.min(bytes, latin.length()));
    }

    static String get(ByteBuffer message, int at, int bytes) {
        byte[] field = new byte[bytes];
        message.get(at, field);
        int length = 0;
        while (length < bytes && field[length] != 0) {
            length++;
        }
        return new String(field, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The rest of the field is zero already. */
    static void put(ByteBuffer message, int at, String text) {
        message.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
