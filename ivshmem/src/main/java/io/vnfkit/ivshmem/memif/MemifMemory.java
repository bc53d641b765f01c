package io.vnfkit.ivshmem.memif;

import io.vnfkit.unit.PageSize;
import java.util.Objects;

/**
 * What a client's rings and buffers lie in. The server maps the file from its beginning to the end of the rings and
 * buffers and can write all of that: nothing else should lie before them that it may not change.
 */
public sealed interface MemifMemory {

    /**
     * A new memfd on hugepages, sealed against getting shorter or longer.
     *
     * @param pageSize a size of which this machine has free pages
     */
    record Hugepages(PageSize pageSize) implements MemifMemory {
        /** Checks that it is there. */
        public Hugepages {
            Objects.requireNonNull(pageSize, "pageSize");
        }
    }

    /** A new memfd on ordinary pages, sealed against getting shorter or longer. */
    record Ordinary() implements MemifMemory {}

    /**
     * A part of a file that is there, such as a shared region on hugetlbfs: its bytes are the buffers. Servers other than
     * this library's take it without seals; this one if {@link MemifInterface#acceptUnsealed} says so.
     *
     * @param descriptor the file, open for reading and writing; the client makes a duplicate
     * @param offset where the part begins: a multiple of 128
     * @param length its length: at least {@link RingSettings#memory}; it ends within the first 4 GiB of the file
     */
    record Part(int descriptor, long offset, long length) implements MemifMemory {
        /** Checks the ranges. */
        public Part {
            if (descriptor < 0 || offset < 0 || offset % MemoryLayout.ALIGNMENT != 0 || length < 1
                    || length > MemoryLayout.REACH - offset) {
                throw new IllegalArgumentException("a part of a file begins at a multiple of " + MemoryLayout.ALIGNMENT
                        + " bytes and ends within " + MemoryLayout.REACH + ", not " + length + " bytes from " + offset
                        + " of descriptor " + descriptor);
            }
        }
    }
}
