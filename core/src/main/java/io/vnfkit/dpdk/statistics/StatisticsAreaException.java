package io.vnfkit.dpdk.statistics;

import io.vnfkit.VnfkitException;

/** A statistics area cannot be made or read. The message says why. */
public final class StatisticsAreaException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, and with which file
     * @param cause what went wrong below; may be null
     */
    public StatisticsAreaException(String message, Throwable cause) {
        super(message, cause);
    }
}
