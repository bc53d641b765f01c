/**
 * memif 2.0, the shared-memory packet interface of DPDK ({@code net_memif}), VPP and libmemif, spoken by Java.
 *
 * <p>A {@link io.vnfkit.ivshmem.memif.MemifServer} listens and offers interfaces; a
 * {@link io.vnfkit.ivshmem.memif.MemifClient} connects and owns the memory. While an endpoint is polled, links come up as
 * {@link io.vnfkit.ivshmem.memif.MemifLink}, and come again after the other side died. Packets are read and written where
 * they lie, through {@link io.vnfkit.ivshmem.memif.ReceiveQueue} and {@link io.vnfkit.ivshmem.memif.TransmitQueue}, which
 * fill a {@link io.vnfkit.ivshmem.memif.PacketBurst} without allocation:
 *
 * <pre>{@code
 * try (MemifClient client = MemifClient.open(MemifClientSettings.to(MemifSocket.at(path), 0))) {
 *     MemifLink link = client.awaitLink(Duration.ofSeconds(5)).orElseThrow();
 *     TransmitQueue out = link.transmitQueues().get(0);
 *     PacketBurst burst = new PacketBurst(32);
 *     int free = out.claim(burst, 32);
 *     for (int i = 0; i < free; i++) {
 *         burst.put(i, packet);
 *     }
 *     out.commit(burst, free);
 * }
 * }</pre>
 *
 * <p>The other side is trusted with nothing but the content of packets. A server takes only memory that its owner cannot
 * make shorter, maps no more than was announced, and checks every index and descriptor once, on a copy; a client reads
 * nothing back that it wrote. Damage is a {@link io.vnfkit.ivshmem.memif.DamagedLinkException} that says what was found,
 * and ends the link. {@link io.vnfkit.ivshmem.memif.DpdkPeer} gives the {@code --vdev} argument of a DPDK process for the
 * other side.
 *
 * <p>DPDK's own driver checks nothing: whoever writes to the memory of a link can make a DPDK process read and write
 * anywhere.
 */
package io.vnfkit.ivshmem.memif;
