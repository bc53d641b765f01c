package io.vnfkit.ivshmem;

import io.vnfkit.Contributions;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.VnfFeature;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.socket.UnixAddress;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory of the host for sockets, in a VNF, under a path of the VNF. Programs of two VNFs that have it meet there,
 * though they share neither network nor file system.
 *
 * <pre>{@code
 * SharedSockets sockets = SharedSockets.named("west-east");
 * VhostUserLink link = VhostUserLink.at(sockets.file("vhost.sock"));       // /run/sockets/west-east/vhost.sock
 * Vnf.named("west").with(sockets).command("dpdk-testpmd", link.vhost(0).addTo(EalArguments.fromGrant()), ...)
 * Vnf.named("east").with(sockets).command("dpdk-testpmd", link.virtioUser(0).addTo(EalArguments.fromGrant()), ...)
 * }</pre>
 *
 * <p>The directory is made before the launch, with {@link SocketStore#create}. A description of one that is not there, or
 * that belongs to another user than the VNF's, is refused. The variable {@code VNFKIT_SOCKETS_NAME}, with the name in upper
 * case and other characters than letters and digits as underscores, tells the VNF the path of the directory.
 *
 * <p>Immutable and thread-safe.
 */
public final class SharedSockets implements VnfFeature {

    private static final Path DEFAULT_PARENT = Path.of("/run/sockets");

    private final NamedBind bind;

    private SharedSockets(NamedBind bind) {
        this.bind = bind;
    }

    /**
     * A directory, below /run/sockets.
     *
     * @param name its name
     * @return the feature
     * @throws IllegalArgumentException if no directory of sockets can have such a name
     */
    public static SharedSockets named(String name) {
        return new SharedSockets(new NamedBind(requireName(name), DEFAULT_PARENT.resolve(name), Access.READ_WRITE));
    }

    static String requireName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}")) {
            throw new IllegalArgumentException("the name of a directory of sockets has letters, digits, dot, dash and"
                    + " underscore, does not begin with dot or dash, and is no longer than 31: \"" + name + "\"");
        }
        return name;
    }

    /**
     * Puts it at another place.
     *
     * @param directory where it appears in the VNF: an absolute path
     * @return the new feature
     * @throws IllegalArgumentException if the path is not absolute or has . or .. in it
     */
    public SharedSockets at(String directory) {
        return new SharedSockets(bind.at("a directory of sockets", directory));
    }

    /**
     * Lets the VNF connect to sockets that are open to it, and make none. Who owns the directory does not matter then.
     * Enough for virtio-user and for programs of this library; DPDK's memif wants to write to the directory also where it
     * only connects ("Invalid socket directory").
     *
     * @return the new feature
     */
    public SharedSockets toConnect() {
        return new SharedSockets(bind.with(Access.READ_ONLY));
    }

    /**
     * Where the VNF has a socket.
     *
     * @param socket name of the socket
     * @return its path in the VNF
     * @throws IllegalArgumentException if it is no name of a file, or the path is longer than an address of a socket
     */
    public Path file(String socket) {
        Path target = bind.target();
        Path path = target.resolve(socket);
        if (!target.equals(path.getParent()) || !path.equals(path.normalize())) {
            throw new IllegalArgumentException("a socket in " + target + " has the name of a file, not \"" + socket + "\"");
        }
        return UnixAddress.requireAddress(path);
    }

    @Override
    public void contribute(PlanContext context, Contributions contributions) {
        String name = bind.name();
        Path source = SocketStore.directoryOf(name);
        Optional<Mountinfo.Mount> mount = NamedMounts.find(context.files(), source);
        if (mount.isEmpty()) {
            contributions.problem(new Problem(toCall(), "there is no directory of sockets \"" + name + "\" on this host",
                    "make it before the launch: SocketStore.onThisHost().create(\"" + name + "\", ...)"));
        } else if (bind.access() == Access.READ_WRITE) {
            requireOwner(SocketOwner.of(mount.get()), context.vnf(), contributions);
        }
        long samePlace = bind.atSamePlace(context, SharedSockets.class, other -> other.bind);
        if (samePlace > 1) {
            contributions.problem(new Problem(toCall(),
                    samePlace + " directories of sockets are to appear at " + bind.target(),
                    "give each a place of its own with at(...)"));
        }
        bind.contribute(source, "VNFKIT_SOCKETS_", bind.target(), contributions);
    }

    private void requireOwner(SocketOwner owner, Vnf vnf, Contributions contributions) {
        if (!owner.isUserOf(vnf)) {
            contributions.problem(new Problem(toCall(), "the directory belongs to user " + owner.uid() + " and group "
                    + owner.gid() + " of the host, which the user of the VNF is not",
                    "SocketStore.create(\"" + bind.name() + "\", uid, gid) with the VNF's user as the host counts users; or"
                            + " toConnect() if it makes no sockets there, and those of others let it in"));
        }
    }

    private String toCall() {
        return "SharedSockets.named(\"" + bind.name() + "\")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedSockets sockets && sockets.bind.equals(bind);
    }

    @Override
    public int hashCode() {
        return bind.hashCode();
    }

    @Override
    public String toString() {
        return "sockets \"" + bind.name() + "\" at " + bind.target()
                + (bind.access() == Access.READ_ONLY ? " (to connect)" : "");
    }
}
