/**
 * Memory on hugepages that containers, Java programs, DPDK programs and virtual machines share.
 *
 * <p>A {@link io.vnfkit.ivshmem.Region} is a file that several processes map. Its manifest says which objects lie where:
 * memory zones, rings, pools of buffers, messages, tables. Objects are found by name and refer to each other by offset,
 * never by pointer, so that every process can map the region where it likes.
 *
 * <p>A region is a domain of trust: whoever can write to it can write to all of it. vnfkit never lets a peer's writes
 * reach outside the region, and says what is wrong with them where that can be seen; it cannot keep two writers of one
 * region from harming each other. Use a region for each pair or group that trusts each other.
 */
package io.vnfkit.ivshmem;
