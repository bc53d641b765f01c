package io.vnfkit.ivshmem;

import io.vnfkit.VnfkitException;

/** A region cannot be made, attached or used as asked. The message says why and what to do. */
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
