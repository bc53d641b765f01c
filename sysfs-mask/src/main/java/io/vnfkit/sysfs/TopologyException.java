package io.vnfkit.sysfs;

import io.vnfkit.VnfkitException;

/** Something was asked for that the host does not have, or that sysfs shows in a form nobody knows. */
public final class TopologyException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was asked for, and what the host has instead
     */
    public TopologyException(String message) {
        super(message);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what was asked for, and what the host has instead
     * @param cause what went wrong below
     */
    public TopologyException(String message, Throwable cause) {
        super(message, cause);
    }
}
