package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;

/**
 * What the other side of a memif link put into the shared memory cannot be true: an index, a descriptor, the header of a
 * ring, or the memory itself. The link is over, its queues move nothing any more, and the other side is told why.
 */
public final class DamagedLinkException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was found, where, and what it may be
     */
    public DamagedLinkException(String message) {
        super(message);
    }
}
