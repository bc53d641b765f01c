package io.vnfkit.testing;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts that a strict parser should refuse, or take for what they are: near-valid mutations of valid texts, random
 * characters of the parser's own alphabet and of all Unicode, huge numbers, NULs, foreign digits, very long texts. Not
 * thread-safe.
 */
public final class HostileTexts {

    private static final List<String> NASTY = List.of(
            "", " ", "\t", "\n", "\r\n", "\0", "-", "+", "--", "-1", "+1", "0x10", "1e9", "1_000", "00", "01", "0.5",
            ".", ",", ",,",
            ":", "::", "*", "/", "//", "..", "../..", "\\", "\"", "'", "%s", "%n", "${x}", "null", "NaN", "max", "inf",
            "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999", "\u0661\u0662",
            "\uff11",
            "\u00b2", "\ud83d\ude00", "\ud800", "\udc00", "\ufeff1", "1\u200b", "\u202e1", "\u2028", "\u0130",
            "\u0131");

    private final SplittableRandom random;
    private final List<String> valid;
    private final String alphabet;

    /**
     * A generator of texts for one parser.
     *
     * @param random where chance comes from
     * @param valid some texts that the parser takes; at least one that is not empty
     */
    public HostileTexts(SplittableRandom random, List<String> valid) {
        this.random = random;
        this.valid = List.copyOf(valid);
        this.alphabet = String.join("", valid) + "0123456789 ,:-.\0\n";
    }

    /**
     * The next text.
     *
     * @return any text
     */
    public String next() {
        return switch (random.nextInt(8)) {
            case 0 -> NASTY.get(random.nextInt(NASTY.size()));
            case 1 -> characters(random.nextInt(12), false);
            case 2 -> characters(random.nextInt(12), true);
            case 3 -> veryLong();
            default -> mutation();
        };
    }

    private String mutation() {
        StringBuilder text = new StringBuilder(valid.get(random.nextInt(valid.size())));
        for (int i = random.nextInt(3); i >= 0; i--) {
            mutate(text);
        }
        return text.toString();
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + random.nextInt(3));
        switch (random.nextInt(6)) {
            case 0 -> text.insert(at, characters(1, random.nextInt(4) == 0));
            case 1 -> text.delete(at, end);
            case 2 -> text.replace(at, end, characters(1, random.nextInt(4) == 0));
            case 3 -> text.insert(at, NASTY.get(random.nextInt(NASTY.size())));
            case 4 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(20)));
            default -> text.append(valid.get(random.nextInt(valid.size())));
        }
    }

    private String characters(int count, boolean ofAllUnicode) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (ofAllUnicode) {
                // Halves of surrogate pairs too.
                text.append((char) random.nextInt(0x10000));
            } else {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
        }
        return text.toString();
    }

    private String veryLong() {
        // Rare and large, or often and middling: a run over thousands of texts must stay short.
        int length = random.nextInt(50) == 0 ? 200_000 : 1 + random.nextInt(300);
        String part = switch (random.nextInt(4)) {
            case 0 -> "9";
            case 1 -> "0";
            case 2 -> valid.get(random.nextInt(valid.size())) + ",";
            default -> NASTY.get(random.nextInt(NASTY.size()));
        };
        return part.repeat(length / Math.max(1, part.length()));
    }
}
