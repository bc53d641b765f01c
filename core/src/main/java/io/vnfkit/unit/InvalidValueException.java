package io.vnfkit.unit;

import io.vnfkit.VnfkitException;

/** Text that a strict parser of this package refused, with the position of the first character that is wrong. */
public final class InvalidValueException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /** A refused text may be very long, or a whole file. */
    private static final int SHOWN = 120;

    private final String text;
    private final int position;

    /**
     * Creates the exception.
     *
     * @param type what the text should have been, such as "CPU list"
     * @param text the whole text that was refused
     * @param position index of the first wrong character, 0-based; the length of the text where it ends too early
     * @param reason what is wrong there
     */
    public InvalidValueException(String type, String text, int position, String reason) {
        super("not a valid " + type + ": \"" + printable(text) + "\", at position " + position + ": " + reason);
        this.text = text;
        this.position = position;
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(SHOWN).forEach(character -> {
            if (isMisleading(character)) {
                shown.append(String.format("\\u%04x", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        return text.codePointCount(0, text.length()) > SHOWN ? shown + "..." : shown.toString();
    }

    /** Characters that would end the line, the quotation or the direction of writing, or that nobody sees. */
    private static boolean isMisleading(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> character == '"';
        };
    }

    /**
     * The text that was refused.
     *
     * @return the whole text
     */
    public String text() {
        return text;
    }

    /**
     * Where it is wrong.
     *
     * @return 0-based index of the first wrong character
     */
    public int position() {
        return position;
    }
}
