package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;

/** The other side of a memif link said something that the protocol does not allow, or refused the link. */
public final class MemifProtocolException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was said and what may be said
     */
    public MemifProtocolException(String message) {
        super(message);
    }
}
