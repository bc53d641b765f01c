package io.vnfkit.ivshmem.memory;

/** What a process may do with the memory it maps. */
public enum Access {
    /** Reading alone: the pages are mapped without PROT_WRITE, so that not even a fault of this process changes them. */
    READ_ONLY,
    /** Reading and writing. */
    READ_WRITE
}
