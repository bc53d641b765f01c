package io.vnfkit.ivshmem.manifest;

import io.vnfkit.VnfkitException;

/** A region has no room for a further object. Nothing was changed. */
public final class RegionFullException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param what how much there is, and how much was asked for
     */
    public RegionFullException(String what) {
        super(what);
    }
}
