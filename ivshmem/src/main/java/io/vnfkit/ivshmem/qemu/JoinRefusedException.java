package io.vnfkit.ivshmem.qemu;

import io.vnfkit.VnfkitException;

/** The server in this process did not take one more peer of this process. */
public final class JoinRefusedException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /**
     * Creates the exception.
     *
     * @param refusal why
     */
    public JoinRefusedException(Refusal refusal) {
        super("the ivshmem server refuses a peer: " + refusal);
        this.refusal = refusal;
    }

    /**
     * What kept it off.
     *
     * @return the reason
     */
    public Refusal refusal() {
        return refusal;
    }
}
