package io.vnfkit.ivshmem;

/** How a region is. */
public enum RegionState {
    /** It can be used. */
    USABLE,
    /** Its maker has given it up: whoever wants to go on attaches the one that took its place. */
    RETIRED,
    /** Its file was made shorter: a part of the mapping has no pages, and reading there is an error. */
    TRUNCATED,
    /** This process has detached. */
    DETACHED
}
