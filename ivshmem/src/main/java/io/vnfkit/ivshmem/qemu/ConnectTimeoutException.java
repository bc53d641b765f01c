package io.vnfkit.ivshmem.qemu;

import io.vnfkit.VnfkitException;
import java.time.Duration;

/** A server that did not send all that a peer needs in time. */
public final class ConnectTimeoutException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param timeout how long it had
     * @param progress how far it came
     */
    public ConnectTimeoutException(Duration timeout, String progress) {
        super("not connected to the ivshmem server after " + timeout + ": " + progress
                + "; is the server running, and does it give a peer so many vectors?");
    }
}
