package io.vnfkit.dpdk.binding;

import io.vnfkit.VnfkitException;

/** There is no DPDK here that the forwarding core can work with. The message says what was tried and what to install. */
public final class DpdkUnavailableException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public DpdkUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
