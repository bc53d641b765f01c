package io.vnfkit.ivshmem;

/** A region cannot be made, attached or used as asked. The message says why and what to do. */
public final class RegionException extends RuntimeException {

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
