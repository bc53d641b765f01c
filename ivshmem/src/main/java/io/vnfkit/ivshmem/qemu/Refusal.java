package io.vnfkit.ivshmem.qemu;

/** Why somebody who connected did not become a peer. */
public enum Refusal {
    /** The rule about who may does not admit it. */
    NOT_ADMITTED,
    /** There are as many peers as there may be. */
    FULL,
    /** Every id has been used: the server has to be replaced by a new one, with a new socket. */
    IDS_EXHAUSTED,
    /** No eventfds could be made for it. */
    NO_EVENTFDS,
    /** The rule about who may, or that about how many vectors, threw an exception; it is in the log. */
    RULE_FAILED
}
