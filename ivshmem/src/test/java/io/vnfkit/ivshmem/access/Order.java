package io.vnfkit.ivshmem.access;

/** What an access or a fence promises about its place among others. */
public enum Order {
    /** Nothing: it may be split, left out and made twice. */
    PLAIN,
    /** It is made once, as a whole. */
    OPAQUE,
    /** What follows is not seen earlier. */
    ACQUIRE,
    /** What precedes is seen before. */
    RELEASE,
    /** Both, and a store before is not seen later than a load behind. */
    FULL
}
