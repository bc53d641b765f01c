package io.vnfkit.ivshmem.memif;

/** A region's file that its owner can make shorter. Looking at its length needs no access to memory that may be gone. */
final class WatchedFile implements AutoCloseable {

    private final Kernel kernel;
    private final int descriptor;
    private final HandshakeAction.TakeRegion region;

    /** Takes the descriptor over. */
    WatchedFile(Kernel kernel, int descriptor, HandshakeAction.TakeRegion region) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.region = region;
    }

    void requireLength() {
        long size = kernel.memory().status(descriptor).size();
        if (size < region.size()) {
            throw new DamagedLinkException("the file of region " + region.index() + " was made shorter: " + size
                    + " bytes, not " + region.size());
        }
    }

    @Override
    public void close() {
        kernel.files().close(descriptor);
    }
}
