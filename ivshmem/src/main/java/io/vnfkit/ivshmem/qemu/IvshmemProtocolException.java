package io.vnfkit.ivshmem.qemu;

import io.vnfkit.VnfkitException;

/** An ivshmem server that turns this client away, does not keep to the protocol, or sends what is not allowed. */
public final class IvshmemProtocolException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final Violation violation;

    /**
     * Creates the exception.
     *
     * @param violation the rule
     * @param what what was wrong, with the value
     */
    public IvshmemProtocolException(Violation violation, String what) {
        super("not as agreed with the ivshmem server: " + what);
        this.violation = violation;
    }

    /**
     * Which rule was broken.
     *
     * @return the rule
     */
    public Violation violation() {
        return violation;
    }
}
