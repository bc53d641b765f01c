package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;

/** Takes memory of another process: only a file that is as large as was said, and stays so. */
final class ForeignRegion {

    private ForeignRegion() {}

    static boolean isSealed(SharedMemoryCalls calls, int descriptor) {
        return calls.seals(descriptor).contains(Seal.SHRINK);
    }

    /**
     * Maps it.
     *
     * @throws DamagedLinkException if it is not what was announced
     */
    static RegionMemory map(SharedMemoryCalls calls, int descriptor, HandshakeAction.TakeRegion announced,
            boolean acceptsUnsealed) {
        OpenFile file = calls.status(descriptor);
        if (!file.isRegular()) {
            throw new DamagedLinkException("region " + announced.index() + " is no memory: mode 0"
                    + Integer.toOctalString(file.mode()));
        }
        // Before the size is looked at, which could still change otherwise.
        if (!acceptsUnsealed && !isSealed(calls, descriptor)) {
            throw new DamagedLinkException("region " + announced.index() + " is not sealed against getting shorter"
                    + " (F_SEAL_SHRINK); accept such memory for this interface, or have the client use its own");
        }
        OpenFile sealed = calls.status(descriptor);
        if (sealed.size() < announced.size()) {
            throw new DamagedLinkException("region " + announced.index() + " has " + sealed.size() + " bytes, not the "
                    + announced.size() + " announced");
        }
        return RegionMemory.map(calls, descriptor, announced.size(), Math.max(1, sealed.blockSize()));
    }
}
