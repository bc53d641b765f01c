package io.vnfkit.unit;

/** A cursor over text for the strict parsers of this package: every refusal names the position. Not thread-safe. */
final class Scanner {

    private final String type;
    private final String text;
    private int position;

    Scanner(String type, String text) {
        if (text == null) {
            throw new NullPointerException(type + " text");
        }
        this.type = type;
        this.text = text;
    }

    boolean atEnd() {
        return position == text.length();
    }

    int position() {
        return position;
    }

    boolean accept(char expected) {
        if (atEnd() || text.charAt(position) != expected) {
            return false;
        }
        position++;
        return true;
    }

    void expect(char expected) {
        if (!accept(expected)) {
            throw refuse("expected '" + expected + "'");
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw refuse("unexpected text");
        }
    }

    char next(String expected) {
        if (atEnd()) {
            throw refuse("expected " + expected);
        }
        return text.charAt(position++);
    }

    /** Reads an unsigned decimal number without sign or leading zeros, as the kernel prints them. */
    long decimal(long maximum) {
        int start = position;
        long value = 0;
        while (!atEnd() && isDigit(text.charAt(position))) {
            int digit = text.charAt(position) - '0';
            // Compared before it is added: the sum could be larger than 63 bits.
            if (value > maximum / 10 || value * 10 > maximum - digit) {
                throw refuseAt(start, "number is larger than " + maximum);
            }
            value = value * 10 + digit;
            position++;
        }
        if (position == start) {
            throw refuse("expected a decimal number");
        }
        if (position - start > 1 && text.charAt(start) == '0') {
            throw refuseAt(start, "number has a leading zero");
        }
        return value;
    }

    /** Reads exactly {@code digits} hexadecimal digits. */
    int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = atEnd() ? -1 : hexDigit(text.charAt(position));
            if (digit < 0) {
                throw refuse("expected " + digits + " hexadecimal digits");
            }
            value = value << 4 | digit;
            position++;
        }
        return value;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static int hexDigit(char character) {
        // Character.digit would also accept digits of other scripts.
        return character < 128 ? Character.digit(character, 16) : -1;
    }

    InvalidValueException refuse(String reason) {
        return refuseAt(position, reason);
    }

    InvalidValueException refuseAt(int where, String reason) {
        return new InvalidValueException(type, text, where, reason);
    }
}
