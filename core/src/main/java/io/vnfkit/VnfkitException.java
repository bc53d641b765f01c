package io.vnfkit;

/**
 * Base of every exception that vnfkit throws on its own account.
 *
 * <p>All are unchecked: a caller can rarely repair the cause in place. Subclasses carry the cause as data (errno, path,
 * value, position), so that callers branch on data and never on message text.
 */
public class VnfkitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was tried, on what, and the likely cure
     */
    public VnfkitException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what was tried, on what, and the likely cure
     * @param cause what went wrong below
     */
    public VnfkitException(String message, Throwable cause) {
        super(message, cause);
    }
}
