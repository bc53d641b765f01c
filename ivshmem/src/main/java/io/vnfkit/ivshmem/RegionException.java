package io.vnfkit.ivshmem;

import io.vnfkit.VnfkitException;

/**
 * A region cannot be made, attached, used or destroyed as asked, or a directory of sockets cannot be made or destroyed. The
 * message says why and what to do.
 */
public final class RegionException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param what what was tried, what stood in the way, and the cure
     */
    public RegionException(String what) {
        super(what);
    }
}
