package io.vnfkit.linux;

import io.vnfkit.VnfkitException;

/** This is not a platform that vnfkit runs on: 64-bit Linux, 5.14 or later, on x86-64 or aarch64. */
public final class UnsupportedPlatformException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is missing
     * @param cause what went wrong below; may be null
     */
    public UnsupportedPlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
