package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** What a server is to be like. Not thread-safe; made by {@link IvshmemServer#at}. */
public final class ServerBuilder {

    final Path socket;
    MemoryFile memory;
    ToIntFunction<Credentials> vectors = who -> 1;
    Predicate<Credentials> admission;
    PeerListener listener = new PeerListener() {};
    int mode = 0600;
    int maxPeers = 64;
    int firstId;
    int outboundLimit = 4096;
    boolean replaceAbandoned;

    ServerBuilder(Path socket) {
        this.socket = Objects.requireNonNull(socket, "socket");
    }

    /**
     * What the peers share. There is no server without.
     *
     * @param file the memory; the server has a descriptor of its own, so this can be closed
     * @return this
     */
    public ServerBuilder memory(MemoryFile file) {
        memory = Objects.requireNonNull(file, "file");
        return this;
    }

    /**
     * How many interrupt vectors each peer gets; 1 without this. A QEMU whose device has fewer says so and uses those
     * that it has; one whose device has more leaves the rest unconnected. QEMU's own ivshmem-client knows 64 at most.
     *
     * @param count 1 to 256
     * @return this
     * @throws IllegalArgumentException if there cannot be so many
     */
    public ServerBuilder vectors(int count) {
        Protocol.requireVectors(count);
        return vectors(who -> count);
    }

    /**
     * How many interrupt vectors each peer gets, by who it is.
     *
     * @param rule gives 1 to 256
     * @return this
     */
    public ServerBuilder vectors(ToIntFunction<Credentials> rule) {
        vectors = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Who may connect; without this, processes of this process's effective user.
     *
     * @param rule such as {@link Admission#uids}
     * @return this
     */
    public ServerBuilder admit(Predicate<Credentials> rule) {
        admission = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Permissions of the socket, less the umask: connecting takes the right to write. 0600 without this.
     *
     * @param permissions 0 to 0777
     * @return this
     * @throws IllegalArgumentException if these are no permissions
     */
    public ServerBuilder mode(int permissions) {
        if (permissions < 0 || permissions > 0777) {
            throw new IllegalArgumentException("permissions are 0 to 0777, not 0" + Integer.toOctalString(permissions));
        }
        mode = permissions;
        return this;
    }

    /**
     * How many peers there may be at a time; 64 without this. With V vectors each, the server has V descriptors for
     * each peer, and each of N peers has V for each other: V * N.
     *
     * @param limit at least 1
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public ServerBuilder maxPeers(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a server has room for 1 peer or more, not " + limit);
        }
        maxPeers = limit;
        return this;
    }

    /**
     * The id of the first peer; 0 without this. Ids only go up. A guest cannot tell an id of 0 from a device without
     * interrupts; on the other hand the peer that may migrate ({@code master=on}) must have it.
     *
     * @param id 0 to 65535
     * @return this
     * @throws IllegalArgumentException if that is no id
     */
    public ServerBuilder firstId(int id) {
        if (id < 0 || id > Protocol.MAX_ID) {
            throw new IllegalArgumentException("an id is 0 to " + Protocol.MAX_ID + ", not " + id);
        }
        firstId = id;
        return this;
    }

    /**
     * How many messages may wait for a peer that does not take them, beside those that it is greeted with; one more
     * disconnects it. 4096 without this. The kernel holds some hundred besides.
     *
     * @param messages at least 1
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public ServerBuilder outboundLimit(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("1 message or more may wait, not " + messages);
        }
        outboundLimit = messages;
        return this;
    }

    /**
     * Who is told of peers that come and go.
     *
     * @param told the listener
     * @return this
     */
    public ServerBuilder listener(PeerListener told) {
        listener = Objects.requireNonNull(told, "told");
        return this;
    }

    /**
     * Removes a socket of this name first if nobody listens on it, as a server leaves it that was killed. Two servers
     * that start at the same time with the same name can then take it from each other.
     *
     * @return this
     */
    public ServerBuilder replaceAbandoned() {
        replaceAbandoned = true;
        return this;
    }

    /**
     * Makes the socket and listens. Peers can connect from now on, and wait until somebody serves.
     *
     * @return the server
     * @throws SystemCallException if the kernel refuses, with EADDRINUSE where a file of the name exists
     * @throws IllegalStateException if no memory was given, or it is closed
     */
    public IvshmemServer open() {
        if (memory == null) {
            throw new IllegalStateException("a server needs memory that its peers share");
        }
        if (admission == null) {
            admission = Admission.sameUser();
        }
        return new IvshmemServer(Kernel.host(), this);
    }
}
