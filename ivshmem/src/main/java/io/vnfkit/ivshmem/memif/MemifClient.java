package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Ready;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The side of a memif link that owns the memory and connects, again and again until it is closed: the packets that it
 * sends and receives lie in its own file, which the server maps. Privileges: those that the socket and hugepages need.
 *
 * <p>Thread-safe, and without a thread of its own; see {@link MemifEndpoint}.
 */
public final class MemifClient extends MemifEndpoint {

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final MemifClientSettings settings;
    private final ClientFile file;
    private ClientConnection connection;
    private int failures;
    private long nextAttempt;
    private boolean isFileClosed;
    private volatile MemifLink link;
    private volatile String lastFailure = "";

    private MemifClient(Kernel kernel, LongSupplier nanoTime, MemifClientSettings settings, ClientFile file) {
        super(kernel, nanoTime);
        this.settings = settings;
        this.file = file;
        this.nextAttempt = nanoTime.getAsLong();
    }

    /**
     * Takes the memory. It connects when it is polled.
     *
     * @param settings what it wants
     * @return the client
     * @throws SystemCallException if there is not enough memory, or the descriptor of a part is of no use
     * @throws IllegalArgumentException if rings and buffers do not fit into the memory
     */
    public static MemifClient open(MemifClientSettings settings) {
        return open(Kernel.host(), System::nanoTime, settings);
    }

    static MemifClient open(Kernel kernel, LongSupplier nanoTime, MemifClientSettings settings) {
        ClientFile file = ClientFile.open(kernel, settings.memory(), settings.rings());
        try {
            // Takes the hugepages, or says that there are none, here rather than with the first link.
            file.map().close();
            return new MemifClient(kernel, nanoTime, settings, file);
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /**
     * The link.
     *
     * @return a link that is up; empty while there is none
     */
    public Optional<MemifLink> link() {
        return Optional.ofNullable(link).filter(MemifLink::isUp);
    }

    /**
     * Waits for the link, and polls meanwhile.
     *
     * @param timeout how long at most
     * @return a link that is up; empty after the timeout, and then {@link #lastFailure} says why
     */
    public Optional<MemifLink> awaitLink(Duration timeout) {
        return await(timeout, this::link);
    }

    /**
     * Why the last attempt failed, or the last link ended.
     *
     * @return a sentence; empty before
     */
    public String lastFailure() {
        return lastFailure;
    }

    @Override
    List<Interest> interests() {
        return connection == null ? List.of() : List.of(new Interest(connection.descriptor(), false));
    }

    @Override
    Duration patience() {
        if (connection != null && connection.link() != null) {
            return Duration.ofSeconds(-1);
        }
        long due = connection == null ? nextAttempt : connection.since() + HANDSHAKE.toNanos();
        return Duration.ofNanos(Math.max(0, due - nanoTime.getAsLong()));
    }

    @Override
    void tick() {
        if (connection != null) {
            connection.endIfDown();
            endIfSlow();
            dropIfOver();
        }
        if (connection == null && nanoTime.getAsLong() - nextAttempt >= 0) {
            connect();
        }
    }

    private void endIfSlow() {
        if (connection.link() == null && nanoTime.getAsLong() - connection.since() > HANDSHAKE.toNanos()) {
            connection.fail("the handshake took longer than " + HANDSHAKE.toSeconds() + " s");
        }
    }

    private void dropIfOver() {
        if (!connection.isOver()) {
            return;
        }
        boolean wasUp = connection.link() != null;
        connection.close();
        lastFailure = connection.reason();
        connection = null;
        link = null;
        failures = wasUp ? 0 : failures + 1;
        waitBeforeNext();
    }

    private void waitBeforeNext() {
        nextAttempt = nanoTime.getAsLong() + settings.backoff().delay(failures).toNanos();
    }

    private void connect() {
        int socket = kernel.sockets().socket(UnixSocketCalls.Kind.SEQPACKET);
        try {
            kernel.sockets().connect(socket, settings.socket().name());
        } catch (SystemCallException failure) {
            // Whatever it is, the user may cure it meanwhile: a server that starts, permissions that are given.
            kernel.files().close(socket);
            lastFailure = failure.getMessage();
            failures++;
            waitBeforeNext();
            return;
        }
        ClientHandshake.Terms terms = new ClientHandshake.Terms("vnfkit", settings.name(), settings.id(),
                settings.secret(), settings.rings(), file.base(), file.regionSize());
        connection = new ClientConnection(kernel, socket, file, terms, this::wake, nanoTime.getAsLong());
    }

    @Override
    void handle(Ready ready) {
        if (connection == null || connection.descriptor() != ready.descriptor()) {
            return;
        }
        connection.read();
        if (connection.link() != null && !connection.isOver()) {
            link = connection.link();
        }
    }

    @Override
    void closeAll() {
        if (connection != null) {
            connection.fail("the client was closed");
            connection.close();
            connection = null;
        }
        closeFile();
    }

    private void closeFile() {
        if (!isFileClosed) {
            isFileClosed = true;
            file.close();
        }
    }
}
