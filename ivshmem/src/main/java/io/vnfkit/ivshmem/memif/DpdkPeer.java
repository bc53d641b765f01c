package io.vnfkit.ivshmem.memif;

import io.vnfkit.dpdk.EalOption;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.ivshmem.DpdkArguments;
import java.nio.file.Path;
import java.util.List;

/**
 * What DPDK has to be told to be the other side of a link: the device behind its {@code --vdev} argument.
 *
 * @param isServer whether DPDK listens
 * @param socket where the server listens
 * @param id of the interface
 * @param secret which both know; empty for none
 * @param rings of which DPDK is told size and buffers; the number of rings is that of its queues
 * @param zeroCopy of a DPDK client: whether its mempools are the buffers, which needs {@code --single-file-segments}, and
 *     {@link MemifInterface#acceptUnsealed} on this side
 */
public record DpdkPeer(boolean isServer, MemifSocket socket, long id, String secret, RingSettings rings,
        boolean zeroCopy) {

    /** A mempool in many files would be more regions than memif has. */
    private static final EalOption SINGLE_FILE = EalOption.flag("--single-file-segments");

    /** Checks what a device string can hold. */
    public DpdkPeer {
        if (id > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("DPDK's devices have ids up to " + Integer.MAX_VALUE + ", not " + id);
        }
        requireNoSeparator("socket", socket.name());
        requireNoSeparator("secret", secret);
    }

    private static void requireNoSeparator(String what, String text) {
        if (text.chars().anyMatch(c -> c == ',' || c == '=' || c <= ' ')) {
            throw new IllegalArgumentException(
                    "the " + what + " of a DPDK device has no comma, equals sign or white space");
        }
    }

    /**
     * The server that a client connects to.
     *
     * @param client this side
     * @return the other side
     */
    public static DpdkPeer of(MemifClientSettings client) {
        return new DpdkPeer(true, client.socket(), client.id(), client.secret(), client.rings(), false);
    }

    /**
     * A client that connects to a server.
     *
     * @param socket where this side listens
     * @param offered the interface
     * @param rings what the client makes
     * @return the other side
     */
    public static DpdkPeer of(MemifSocket socket, MemifInterface offered, RingSettings rings) {
        return new DpdkPeer(false, socket, offered.id(), offered.secret(), rings, false);
    }

    /**
     * A client whose mempools are the buffers.
     *
     * @return a new description
     */
    public DpdkPeer withZeroCopy() {
        return new DpdkPeer(isServer, socket, id, secret, rings, true);
    }

    /**
     * The device, for a forwarding core of this library.
     *
     * @param number tells devices of this kind apart
     * @return its name and parameters
     */
    public Device device(int number) {
        Device.Memif plain = new Device.Memif(number, isServer, Path.of("/").resolve(socket.bareName()), (int) id,
                rings.log2Size(), zeroCopy);
        String parameters = plain.parameters();
        if (socket.isAbstract()) {
            parameters = parameters.replace("socket=" + Path.of("/").resolve(socket.bareName()) + ",socket-abstract=no",
                    "socket=" + socket.bareName() + ",socket-abstract=yes");
        }
        parameters += ",bsize=" + rings.bufferSize();
        return new Device.Virtual(plain.name(), secret.isEmpty() ? parameters : parameters + ",secret=" + secret);
    }

    /**
     * The device, and what the EAL has to do for it.
     *
     * @param number tells devices of this kind apart
     * @return its arguments
     */
    public DpdkArguments arguments(int number) {
        return new DpdkArguments(device(number), zeroCopy ? List.of(SINGLE_FILE) : List.of());
    }

    /**
     * The argument of {@code --vdev}.
     *
     * @param number tells devices of this kind apart
     * @return such as {@code net_memif0,role=server,id=0,socket=/run/a.sock,socket-abstract=no,rsize=10,bsize=2048}
     */
    public String vdev(int number) {
        return arguments(number).vdev();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "DpdkPeer[isServer=" + isServer + ", socket=" + socket + ", id=" + id + ", rings=" + rings + ", zeroCopy="
                + zeroCopy + "]";
    }
}
