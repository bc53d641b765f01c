package io.vnfkit.ivshmem.qemu;

import java.time.Instant;

/**
 * A peer that is connected to a server.
 *
 * @param id its id, which no other peer of this server had or will have
 * @param pid the process that connected; 0 if it is in no pid namespace below ours
 * @param uid its user at that time
 * @param gid its group at that time
 * @param vectors how many interrupt vectors it was given
 * @param since when it connected
 * @param waiting how many messages it has not taken yet
 */
public record ConnectedPeer(int id, int pid, int uid, int gid, int vectors, Instant since, int waiting) {}
