package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.Windows;
import java.nio.ByteBuffer;

/** The regions of a client, as its server sees them: whatever a descriptor says is checked against them. */
final class ForeignBuffers {

    private final RegionMemory[] regions;

    ForeignBuffers(RegionMemory[] regions) {
        this.regions = regions;
    }

    boolean contain(long word, long offset) {
        int region = RingFields.region(word);
        long length = RingFields.length(word);
        return region < regions.length && length > 0 && length <= Windows.LONGEST_PIECE
                && offset + length <= regions[region].size();
    }

    String whatIsWrong(long word, long offset) {
        int region = RingFields.region(word);
        long length = RingFields.length(word);
        if (region >= regions.length) {
            return "region " + region + " of " + regions.length;
        }
        if (length == 0) {
            return "a buffer without bytes";
        }
        return "bytes " + offset + " to " + (offset + length) + " of the " + regions[region].size() + " of region "
                + region;
    }

    ByteBuffer window(int region, long offset) {
        return regions[region].windowAt(offset);
    }
}
