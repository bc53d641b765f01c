package io.vnfkit.unit;

import io.vnfkit.VnfkitException;

/** Text that a strict parser of this package refused, with the position of the first character that is wrong. */
public final class InvalidValueException extends VnfkitException {

    private static final long serialVersionUID = 1L;

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
        text.codePoints().limit(120).forEach(character -> {
            if (Character.isISOControl(character) || character == '"') {
                shown.append(String.format("\\u%04x", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        return shown.length() < text.length() && text.length() > 120 ? shown + "..." : shown.toString();
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
