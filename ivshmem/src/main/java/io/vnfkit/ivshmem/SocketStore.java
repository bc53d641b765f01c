package io.vnfkit.ivshmem;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.SystemCallException;
import java.nio.file.Path;
import java.util.List;

/**
 * Directories of this host for sockets over which VNFs meet: each a tmpfs of its own below /run/vnfkit/sockets, with room
 * for some sockets and nothing else.
 *
 * <pre>{@code
 * SocketStore sockets = SocketStore.onThisHost();
 * sockets.create("west-east", 100_000, 100_000);              // root of two user namespaces
 * ... launch VNFs .with(SharedSockets.named("west-east"))
 * sockets.destroy("west-east");
 * }</pre>
 *
 * <p>The programs of VNFs run with umask 022. So the socket that one of them makes can be connected to by its own user
 * alone, as the host counts users: what makes a socket and what connects to it need the same one, which owns the
 * directory. Two VNFs in user namespaces of their own have it if both map the same ids.
 *
 * <p>Making and destroying needs CAP_SYS_ADMIN for the mount; it is made in the mount namespace of this process.
 * Directories stay until they are destroyed, also beyond the end of this process. Thread-safe, also between processes.
 */
public final class SocketStore {

    static final Path DIRECTORY = Path.of("/run/vnfkit/sockets");
    /** Others may connect to sockets that are open to them, but see no list and make none. */
    private static final String OPTIONS = "mode=0711,size=64k,nr_inodes=64";

    private final NamedMounts mounts;

    private SocketStore(Host host) {
        this.mounts = new NamedMounts(host, DIRECTORY);
    }

    /**
     * The directories of this machine.
     *
     * @return the store
     */
    public static SocketStore onThisHost() {
        return new SocketStore(Host.thisHost());
    }

    static Path directoryOf(String name) {
        SharedSockets.requireName(name);
        return DIRECTORY.resolve(name);
    }

    /**
     * Where a directory is on this host, for servers in this process.
     *
     * @param name name of the directory
     * @return the path, whether it exists or not
     */
    public Path directory(String name) {
        return directoryOf(name);
    }

    /**
     * Makes a directory of the host's root, for VNFs without a user namespace.
     *
     * @param name its name
     * @throws RegionException if there is one of this name
     * @throws SystemCallException if the kernel refuses; nothing is left then
     */
    public void create(String name) {
        create(name, 0, 0);
    }

    /**
     * Makes a directory.
     *
     * @param name its name
     * @param uid who may make sockets in it: user id on this host
     * @param gid its group: group id on this host
     * @throws RegionException if there is one of this name
     * @throws SystemCallException if the kernel refuses; nothing is left then
     * @throws IllegalArgumentException if an id is negative
     */
    public void create(String name, int uid, int gid) {
        SharedSockets.requireName(name);
        if (uid < 0 || gid < 0) {
            throw new IllegalArgumentException("ids of users and groups are not negative: " + uid + ", " + gid);
        }
        mounts.locked(() -> {
            if (mounts.exists(name)) {
                throw new RegionException("there is a directory of sockets \"" + name + "\" already: destroy it first");
            }
            mounts.mount(name, "tmpfs", OPTIONS + ",uid=" + uid + ",gid=" + gid);
            return null;
        });
    }

    /**
     * Names of all directories.
     *
     * @return the names, in no order
     */
    public List<String> names() {
        return mounts.names();
    }

    /**
     * Takes a directory away. Connections that were made in it stay; VNFs that have it keep theirs.
     *
     * @param name its name
     * @throws RegionException if there is none of this name
     */
    public void destroy(String name) {
        SharedSockets.requireName(name);
        mounts.locked(() -> {
            if (!mounts.exists(name)) {
                throw new RegionException("there is no directory of sockets \"" + name + "\", only " + names());
            }
            mounts.remove(name);
            return null;
        });
    }
}
