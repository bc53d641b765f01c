package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.socket.ListeningSocket;
import io.vnfkit.linux.UnixSocketCalls.Credentials;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.linux.UnixSocketCalls.Ready;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The side of memif links that listens: it offers interfaces, and clients, which own the memory, connect. Whatever a client
 * says or writes is checked before it is used. Privileges: none, but the right to make the socket.
 *
 * <p>Thread-safe, and without a thread of its own; see {@link MemifEndpoint}.
 */
public final class MemifServer extends MemifEndpoint {

    /** Connections beyond one for each interface: somebody may be refused while all are taken. */
    private static final int SPARE_CONNECTIONS = 8;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final ServerHandshake.Offer offer;
    private final Predicate<Credentials> admission;
    private final ListeningSocket listening;
    private final List<ServerConnection> connections = new ArrayList<>();
    private final Set<Long> bound = new HashSet<>();
    private final Map<Long, MemifLink> links = new ConcurrentHashMap<>();

    private MemifServer(Kernel kernel, LongSupplier nanoTime, ListeningSocket listening, ServerHandshake.Offer offer,
            Predicate<Credentials> admission) {
        super(kernel, nanoTime);
        this.listening = listening;
        this.offer = offer;
        this.admission = admission;
    }

    /**
     * Listens for any client that the permissions of the socket let in.
     *
     * @param socket where
     * @param interfaces what is offered, each with an id of its own
     * @return the server; nothing happens before it is polled
     * @throws io.vnfkit.linux.SystemCallException if the socket cannot be made: EADDRINUSE if another server listens there.
     *     A file that a dead server left is replaced
     */
    public static MemifServer listen(MemifSocket socket, MemifInterface... interfaces) {
        return listen(socket, credentials -> true, interfaces);
    }

    /**
     * Listens for some clients.
     *
     * @param socket where
     * @param admission who is let in, by what the kernel says of the process that connects
     * @param interfaces what is offered, each with an id of its own
     * @return the server; nothing happens before it is polled
     * @throws io.vnfkit.linux.SystemCallException if the socket cannot be made
     */
    public static MemifServer listen(MemifSocket socket, Predicate<Credentials> admission, MemifInterface... interfaces) {
        return listen(Kernel.host(), System::nanoTime, socket, admission, interfaces);
    }

    static MemifServer listen(Kernel kernel, LongSupplier nanoTime, MemifSocket socket, Predicate<Credentials> admission,
            MemifInterface... interfaces) {
        Map<Long, MemifInterface> byId = Arrays.stream(interfaces)
                .collect(Collectors.toMap(MemifInterface::id, Function.identity()));
        ListeningSocket listening = ListeningSocket.open(
                kernel.files(), kernel.sockets(), Kind.SEQPACKET, socket.name(), socket.mode(), true);
        try {
            return new MemifServer(kernel, nanoTime, listening, new ServerHandshake.Offer("vnfkit", byId), admission);
        } catch (RuntimeException failure) {
            listening.close();
            throw failure;
        }
    }

    /**
     * The link of an interface.
     *
     * @param id of the interface
     * @return a link that is up; empty if no client is connected
     */
    public Optional<MemifLink> link(long id) {
        return Optional.ofNullable(links.get(id)).filter(MemifLink::isUp);
    }

    /**
     * Waits for the link of an interface, and polls meanwhile.
     *
     * @param id of the interface
     * @param timeout how long at most
     * @return a link that is up; empty after the timeout
     */
    public Optional<MemifLink> awaitLink(long id, Duration timeout) {
        return await(timeout, () -> link(id));
    }

    @Override
    List<Interest> interests() {
        List<Interest> wanted = new ArrayList<>();
        if (hasRoom()) {
            wanted.add(new Interest(listening.descriptor(), false));
        }
        connections.forEach(connection -> wanted.add(new Interest(connection.descriptor(), false)));
        return wanted;
    }

    private boolean hasRoom() {
        return connections.size() < offer.interfaces().size() + SPARE_CONNECTIONS;
    }

    @Override
    Duration patience() {
        return connections.stream()
                .filter(connection -> !connection.isUp())
                .map(connection -> HANDSHAKE.minusNanos(nanoTime.getAsLong() - connection.since()))
                .map(rest -> rest.isNegative() ? Duration.ZERO : rest)
                .min(Duration::compareTo).orElse(Duration.ofSeconds(-1));
    }

    @Override
    void tick() {
        for (ServerConnection connection : connections) {
            connection.endIfDown();
            if (!connection.isUp() && !connection.isOver()
                    && nanoTime.getAsLong() - connection.since() > HANDSHAKE.toNanos()) {
                connection.fail("the handshake took longer than " + HANDSHAKE.toSeconds() + " s");
            }
        }
        connections.stream().filter(ServerConnection::isOver).forEach(ServerConnection::close);
        connections.removeIf(ServerConnection::isOver);
    }

    @Override
    void handle(Ready ready) {
        if (ready.descriptor() == listening.descriptor()) {
            accept();
            return;
        }
        connections.stream().filter(connection -> connection.descriptor() == ready.descriptor()).findFirst()
                .ifPresent(ServerConnection::read);
    }

    private void accept() {
        OptionalInt socket = kernel.sockets().accept(listening.descriptor());
        if (socket.isEmpty()) {
            return;
        }
        ServerConnection connection = new ServerConnection(kernel, socket.getAsInt(), ServerHandshake.begin(offer),
                new Interfaces(), this::wake, nanoTime.getAsLong());
        connections.add(connection);
        Credentials peer = kernel.sockets().peerCredentials(socket.getAsInt());
        if (admission.test(peer)) {
            connection.greet();
        } else {
            connection.fail("user " + peer.uid() + " and group " + peer.gid() + " are not admitted");
        }
    }

    private final class Interfaces implements ServerConnection.Bindings {
        @Override
        public boolean bind(MemifInterface offered) {
            return bound.add(offered.id());
        }

        @Override
        public void up(MemifInterface offered, MemifLink link) {
            links.put(offered.id(), link);
        }

        @Override
        public void unbind(MemifInterface offered) {
            bound.remove(offered.id());
            links.remove(offered.id());
        }
    }

    @Override
    void closeAll() {
        connections.forEach(connection -> connection.fail("the server was closed"));
        connections.forEach(ServerConnection::close);
        connections.clear();
        listening.close();
    }
}
