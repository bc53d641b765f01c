package io.vnfkit.hugetlb;

/** What to do when memory is too fragmented for the pages requested. */
public enum Compaction {
    /** Leave it at that. */
    NEVER,
    /**
     * Have the kernel compact all memory of the host, which stalls allocations everywhere for a while, and try once
     * more.
     */
    WHEN_SHORT
}
