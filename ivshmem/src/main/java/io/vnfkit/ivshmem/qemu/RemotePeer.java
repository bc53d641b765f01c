package io.vnfkit.ivshmem.qemu;

/**
 * Another peer.
 *
 * @param id its id
 * @param vectors how many vectors it can be woken with
 */
public record RemotePeer(int id, int vectors) {}
