package io.vnfkit.ivshmem.qemu;

import io.vnfkit.VnfkitException;
import java.util.Set;

/** A peer that is not there: it never was, or has left since. */
public final class UnknownPeerException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final int peer;

    /**
     * Creates the exception.
     *
     * @param peer the id that was asked for
     * @param present those who are there
     */
    public UnknownPeerException(int peer, Set<Integer> present) {
        super("there is no peer " + peer + "; there are " + present);
        this.peer = peer;
    }

    /**
     * Who is not there.
     *
     * @return the id
     */
    public int peer() {
        return peer;
    }
}
