package io.vnfkit.ivshmem.manifest;

import io.vnfkit.VnfkitException;

/**
 * Something in a shared region is not as its layout demands: it is no region, its maker died half-way, or a peer has
 * written what it should not. Nothing outside the region was touched.
 */
public final class DamagedRegionException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param what which part, which value was found, and which would have been right
     */
    public DamagedRegionException(String what) {
        super(what);
    }
}
