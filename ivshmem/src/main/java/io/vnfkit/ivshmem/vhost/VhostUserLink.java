package io.vnfkit.ivshmem.vhost;

import io.vnfkit.dpdk.EalOption;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.ivshmem.DpdkArguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A link between two DPDK programs over vhost-user, and what each of them has to be told.
 *
 * <pre>{@code
 * SharedSockets sockets = SharedSockets.named("west-east");
 * VhostUserLink link = VhostUserLink.at(sockets.file("vhost.sock"));
 * Vnf.named("west").with(sockets).command("dpdk-testpmd", link.vhost(0).addTo(EalArguments.fromGrant()), ...)
 * Vnf.named("east").with(sockets).command("dpdk-testpmd", link.virtioUser(0).addTo(EalArguments.fromGrant()), ...)
 * }</pre>
 *
 * <p>The guest side sends the host side descriptors of the files of its hugepages, at most 8: that is what
 * {@code --single-file-segments} is for, which goes with a hugetlbfs volume as well as with {@code --in-memory}. Without it,
 * both start, the guest side logs "Too many memory regions", and no packet passes. So the host side has the guest side's memory, all of it;
 * the guest side has nothing of the host side's. The pages count against limits of the guest side's VNF.
 *
 * <p>Where the host side listens, it starts first: virtio-user ends at once if nobody does. Where the guest side listens,
 * both start in any order: net_vhost tries again and again, also after the other side has ended, and virtio-user waits with
 * its start until the host side has come. Immutable and thread-safe.
 *
 * @param socket where they meet, as both see it
 * @param listener who makes the socket
 * @param queues pairs of queues, 1 to 64
 */
public record VhostUserLink(Path socket, Listener listener, int queues) {

    private static final EalOption SINGLE_FILE = EalOption.flag("--single-file-segments");

    /** Who makes the socket. */
    public enum Listener {
        /** The host side; the usual way. */
        VHOST,
        /** The guest side: the host side can end and come back. */
        VIRTIO_USER
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the devices cannot have them
     */
    public VhostUserLink {
        Objects.requireNonNull(listener, "listener");
        new Device.Vhost(0, socket, false, queues);
    }

    /**
     * A link with one pair of queues, on which the host side listens.
     *
     * @param socket where they meet, as both see it
     * @return the link
     * @throws IllegalArgumentException if the path cannot stand in a device's parameters
     */
    public static VhostUserLink at(Path socket) {
        return new VhostUserLink(socket, Listener.VHOST, 1);
    }

    /**
     * Chooses who listens.
     *
     * @param chosen which side
     * @return the new link
     */
    public VhostUserLink listener(Listener chosen) {
        return new VhostUserLink(socket, chosen, queues);
    }

    /**
     * Chooses the number of queues. The program has to set up as many.
     *
     * @param pairs pairs of queues, 1 to 64
     * @return the new link
     */
    public VhostUserLink queues(int pairs) {
        return new VhostUserLink(socket, listener, pairs);
    }

    /**
     * The host side.
     *
     * @param number tells devices of this kind in one program apart
     * @return its arguments
     */
    public DpdkArguments vhost(int number) {
        return new DpdkArguments(new Device.Vhost(number, socket, listener != Listener.VHOST, queues), List.of());
    }

    /**
     * The guest side.
     *
     * @param number tells devices of this kind in one program apart
     * @return its arguments
     */
    public DpdkArguments virtioUser(int number) {
        return new DpdkArguments(new Device.VirtioUser(number, socket, listener == Listener.VIRTIO_USER, queues),
                List.of(SINGLE_FILE));
    }
}
