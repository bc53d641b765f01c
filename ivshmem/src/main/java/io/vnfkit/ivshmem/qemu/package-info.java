/**
 * Shared memory with QEMU's guests: the devices {@code ivshmem-plain} and {@code ivshmem-doorbell}.
 *
 * <p>{@link io.vnfkit.ivshmem.qemu.IvshmemServer} is what {@code contrib/ivshmem-server} of QEMU is an example of: it
 * hands a file of shared memory and one eventfd for each interrupt vector of each peer to whoever connects, be it a
 * QEMU or a process. {@link io.vnfkit.ivshmem.qemu.IvshmemPeer} makes Java one of those peers, over the socket of any
 * such server or inside the process of this one. {@link io.vnfkit.ivshmem.qemu.IvshmemPlain} and
 * {@link io.vnfkit.ivshmem.qemu.IvshmemDoorbell} are the words that QEMU takes on its command line.
 *
 * <pre>{@code
 * try (MemoryFile memory = MemoryFile.sealed("packets", Bytes.mebibytes(4));
 *         IvshmemServer server = IvshmemServer.at(Path.of("/run/vnf/packets")).memory(memory).vectors(2).open()) {
 *     server.start(Thread::new);
 *     List<String> words = new IvshmemDoorbell("packets", Path.of("/run/vnf/packets"), 2).words();
 *     // start QEMU with these words
 *     try (IvshmemPeer self = server.join(PeerOptions.vectors(2)); MappedMemory bar = self.map(Access.READ_WRITE)) {
 *         PeerEvent first = self.events(Duration.ofMinutes(1)).get(0);      // the guest's QEMU has joined
 *         self.ring(((PeerEvent.Joined) first).peer(), 0);                  // MSI-X vector 0 in the guest
 *         long rings = self.await(1, Duration.ofSeconds(10));               // the guest rings back
 *     }
 * }
 * }</pre>
 *
 * <p>The programs of {@code contrib/ivshmem-server} and {@code contrib/ivshmem-client}, which QEMU's build does not install
 * and distributions do not have, speak the same protocol: those of QEMU 7.2 joined a server of this package and let in a
 * peer of it, rang and were rung, and noticed who had left.
 *
 * <p>All peers of a server trust each other: each can write all of the memory, at any time, and wake each other. There
 * is one server, and one file, for each group that does. What a peer finds in the memory is to be loaded once and then
 * checked ({@link io.vnfkit.ivshmem.memory.SharedWords}).
 */
package io.vnfkit.ivshmem.qemu;
