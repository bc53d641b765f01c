package io.vnfkit.ivshmem;

/** The two sides of an object that has exactly one user on each. */
public enum Side {
    /** Who puts something in. */
    PRODUCER,
    /** Who takes it out. */
    CONSUMER
}
