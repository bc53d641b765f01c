package io.vnfkit.ivshmem.qemu;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Java as a peer of an ivshmem server, of {@link IvshmemServer} or of QEMU's own: it has an id like any guest, maps the
 * same memory, wakes guests with interrupts and is woken by their doorbell.
 *
 * <p>Everything that the server sends is checked, and a descriptor is what it is said to be or is refused. But all
 * peers share the eventfds: one that means harm can take the wake-ups of another, so every wait has a timeout, and what
 * there is to do is read from the memory and not from the number of wake-ups.
 *
 * <p>No thread runs on its behalf: messages of the server are taken while a method is called that needs to know who is
 * there. Each of those throws an {@link IvshmemProtocolException}, once, if what came breaks the protocol; from then on
 * the server counts as gone.
 *
 * <p>Thread-safe; {@link #close} ends waits of other threads with an {@link IllegalStateException}.
 */
public final class IvshmemPeer implements AutoCloseable {

    private final Kernel kernel;
    private final int id;
    private final int memory;
    private final long size;
    private final int wakeUp;
    private final PeerState state;
    // Held for reading while descriptors are polled, and for writing to close them: their numbers must not be given to
    // other files in the middle of a wait.
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private boolean closed;

    IvshmemPeer(Kernel kernel, PeerState state, int id, int memory, long size) {
        this.kernel = kernel;
        this.state = state;
        this.id = id;
        this.memory = memory;
        this.size = size;
        this.wakeUp = kernel.sockets().eventfd();
    }

    /**
     * Connects to a server and waits until it has sent the shared memory and as many vectors as the options ask for.
     *
     * @param socket the server's socket
     * @param options what is expected of it
     * @return the peer
     * @throws SystemCallException if nobody listens there
     * @throws IvshmemProtocolException if the server breaks the protocol or sends what the options do not allow
     * @throws ConnectTimeoutException if it does not send all of it in time
     */
    public static IvshmemPeer connect(Path socket, PeerOptions options) {
        Kernel kernel = Kernel.host();
        int descriptor = kernel.sockets().socket(Kind.STREAM);
        try {
            kernel.sockets().connect(descriptor, socket.toString());
        } catch (RuntimeException failure) {
            kernel.calls().close(descriptor);
            throw failure;
        }
        return Handshake.over(kernel, descriptor, options);
    }

    /**
     * Its number among the peers, which a guest reads from the register IVPosition of its own device.
     *
     * @return 0 to 65535
     */
    public int id() {
        return id;
    }

    /**
     * Length of the shared memory.
     *
     * @return its size
     */
    public Bytes size() {
        return Bytes.of(size);
    }

    /**
     * Maps all of the shared memory.
     *
     * @param access what may be done with it
     * @return the mapping, which the caller closes; it outlives this peer
     */
    public synchronized MappedMemory map(Access access) {
        requireOpen();
        return MappedMemory.map(kernel.memory(), memory, size, access);
    }

    /**
     * How many vectors it can be woken with.
     *
     * @return those that the server has sent so far
     */
    public synchronized int vectors() {
        update();
        return state.ownVectors();
    }

    /**
     * Who else is there.
     *
     * @return the others by id, as far as the server has told
     */
    public synchronized List<RemotePeer> peers() {
        update();
        return state.doorbells().peers();
    }

    /**
     * Tells whether the server is there still. Without it the peers that are there reach each other all the same.
     *
     * @return false after it has closed the connection or broken the protocol
     */
    public synchronized boolean isServerThere() {
        update();
        return state.connection().isOpen();
    }

    /**
     * Wakes a peer: in a guest this is the interrupt of that MSI-X vector. Wake-ups that come faster than they are
     * taken become one.
     *
     * @param peer its id
     * @param vector which of its vectors
     * @throws UnknownPeerException if it is not there
     * @throws IllegalArgumentException if it has no such vector, or the server has not announced it yet
     */
    public synchronized void ring(int peer, int vector) {
        update();
        state.doorbells().ring(peer, vector);
    }

    /**
     * Wakes a peer with each of its vectors.
     *
     * @param peer its id
     * @throws UnknownPeerException if it is not there
     */
    public synchronized void ringAll(int peer) {
        update();
        state.doorbells().ringAll(peer);
    }

    /** Wakes all other peers with each of their vectors. */
    public synchronized void ringAll() {
        update();
        state.doorbells().ringAll();
    }

    /**
     * Waits to be woken with a vector.
     *
     * @param vector one of its own
     * @param timeout how long at most; zero to look only
     * @return how often it was rung since the last time; 0 after the timeout
     * @throws IllegalArgumentException if it has no such vector
     * @throws IllegalStateException if this peer is or gets closed
     */
    public long await(int vector, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        lifecycle.readLock().lock();
        try {
            int doorbell = own(vector);
            do {
                kernel.sockets().poll(deadline.rest(), List.of(interest(doorbell), interest(wakeUp)));
                requireOpen();
                // Another peer may have taken the signal between the poll and this.
                long rings = kernel.sockets().drain(doorbell);
                if (rings > 0) {
                    return rings;
                }
            } while (!deadline.isOver());
            return 0;
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    private synchronized int own(int vector) {
        update();
        return state.doorbells().own(vector);
    }

    /**
     * Waits for others to join and leave.
     *
     * @param timeout how long at most; zero to look only
     * @return what happened since the last time, in order; empty after the timeout. Who joined and left in between is
     *     not mentioned.
     * @throws IvshmemProtocolException if the server breaks the protocol; nothing more is taken from it then
     * @throws IllegalStateException if this peer is or gets closed
     */
    public List<PeerEvent> events(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        lifecycle.readLock().lock();
        try {
            while (true) {
                List<PeerEvent> events = newEvents();
                if (!events.isEmpty() || deadline.isOver()) {
                    return events;
                }
                awaitMessage(deadline);
            }
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    private synchronized List<PeerEvent> newEvents() {
        update();
        return state.takeEvents();
    }

    /**
     * Waits until a peer is there and can be woken with a number of vectors.
     *
     * @param peer its id
     * @param vectors how many
     * @param timeout how long at most
     * @return whether it is there
     * @throws IvshmemProtocolException if the server breaks the protocol; nothing more is taken from it then
     * @throws IllegalStateException if this peer is or gets closed
     */
    public boolean awaitPeer(int peer, int vectors, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        lifecycle.readLock().lock();
        try {
            while (vectorsOf(peer) < vectors) {
                if (deadline.isOver() || !isServerThere()) {
                    return false;
                }
                awaitMessage(deadline);
            }
            return true;
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    private synchronized int vectorsOf(int peer) {
        update();
        return state.doorbells().vectorsOf(peer);
    }

    private void awaitMessage(Deadline deadline) {
        List<Interest> wanted = new ArrayList<>(List.of(interest(wakeUp)));
        synchronized (this) {
            if (state.connection().isOpen()) {
                wanted.add(state.connection().interest());
            }
        }
        kernel.sockets().poll(deadline.rest(), wanted);
    }

    private static Interest interest(int descriptor) {
        return new Interest(descriptor, false);
    }

    private void update() {
        requireOpen();
        state.update();
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("peer " + id + " is closed");
        }
    }

    /**
     * What it knows, for people: as the command {@code dump} of QEMU's ivshmem-client prints it.
     *
     * @return some lines
     */
    public synchronized String dump() {
        update();
        StringBuilder text = new StringBuilder("peer " + id + ": " + state.ownVectors() + " vectors, "
                + Bytes.of(size) + " of shared memory, the server "
                + (state.connection().isOpen() ? "is there" : "has gone"));
        for (RemotePeer peer : state.doorbells().peers()) {
            text.append("\n  peer ").append(peer.id()).append(": ").append(peer.vectors()).append(" vectors");
        }
        return text.append('\n').toString();
    }

    /** Leaves: the server tells the others. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            kernel.sockets().signal(wakeUp);
        }
        lifecycle.writeLock().lock();
        try {
            synchronized (this) {
                state.close();
                kernel.calls().close(memory);
                kernel.calls().close(wakeUp);
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "ivshmem peer " + id;
    }
}
