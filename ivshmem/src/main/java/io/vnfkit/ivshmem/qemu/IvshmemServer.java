package io.vnfkit.ivshmem.qemu;

import io.vnfkit.ivshmem.socket.ListeningSocket;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.linux.UnixSocketCalls.Pair;
import io.vnfkit.linux.UnixSocketCalls.Ready;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands shared memory, and an eventfd for each interrupt vector of each peer, to the QEMUs and processes that connect:
 * the server behind {@code -device ivshmem-doorbell}. It speaks version 0 of QEMU's protocol.
 *
 * <p>Beside what QEMU's {@code contrib/ivshmem-server} does, it asks the kernel who connects and turns away whom it is
 * not to serve, gives no id twice, parts with a peer that does not take its messages or sends any itself, and tells who
 * is connected. The peers signal each other directly, and go on when the server has gone; but nobody can join any more,
 * and nobody hears who leaves.
 *
 * <p>It has no thread of its own: {@link #run} serves in the thread that calls it until the server is closed,
 * {@link #serveOnce} does for one round, {@link #start} runs it in a thread that the caller's factory makes.
 * Thread-safe.
 */
public final class IvshmemServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IvshmemServer.class);
    private static final Duration FOREVER = Duration.ofNanos(-1);
    // Without a descriptor to spare, a connection that waits would wake the poll again and again.
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int ACCEPTED_AT_ONCE = 16;

    private final Kernel kernel;
    private final PeerListener listener;
    private final Bytes size;
    private final int memory;
    private final int wakeUp;
    private final ListeningSocket socket;
    private final Clients clients;
    private final Set<Integer> unwanted = new HashSet<>();
    // Held by whoever serves or closes: descriptors are closed, and listeners called, under it alone.
    private final ReentrantLock serving = new ReentrantLock();
    private Deadline pause = Deadline.in(Duration.ZERO);
    private volatile boolean closed;
    private boolean released;

    IvshmemServer(Kernel kernel, ServerBuilder settings) {
        this.kernel = kernel;
        this.listener = settings.listener;
        this.size = settings.memory.size();
        List<Integer> opened = new ArrayList<>();
        try {
            this.memory = settings.memory.duplicate();
            opened.add(memory);
            this.wakeUp = kernel.sockets().eventfd();
            opened.add(wakeUp);
            this.socket = ListeningSocket.open(kernel.calls(), kernel.sockets(), Kind.STREAM,
                    settings.socket.toString(), settings.mode, settings.replaceAbandoned);
        } catch (RuntimeException failure) {
            kernel.closeAll(opened);
            throw failure;
        }
        this.clients = new Clients(kernel, settings, memory);
    }

    /**
     * A server on a socket.
     *
     * @param socket where its file will be; at most 107 bytes
     * @return what it is to be like, with {@link ServerBuilder#open} at the end
     */
    public static ServerBuilder at(Path socket) {
        return new ServerBuilder(socket);
    }

    /**
     * Size of the shared memory.
     *
     * @return a power of two
     */
    public Bytes size() {
        return size;
    }

    /**
     * Who is connected now.
     *
     * @return the peers by id
     */
    public synchronized List<ConnectedPeer> peers() {
        return clients.all().stream().map(Member::view).toList();
    }

    /**
     * Makes this process a peer, with an id and eventfds like any other, without asking the rule about who may connect.
     * It needs nobody to serve, unless there are so many peers that they do not fit into a socket's buffer.
     *
     * @param options what the peer expects
     * @return the peer, which the caller closes
     * @throws JoinRefusedException if there are as many peers as there may be, or it cannot be had for another reason
     * @throws IvshmemProtocolException if the options do not allow what this server has
     * @throws ConnectTimeoutException if the options ask for more vectors than this server gives
     * @throws IllegalStateException if the server is closed
     */
    public IvshmemPeer join(PeerOptions options) {
        Pair pair = kernel.sockets().pair(Kind.STREAM);
        try {
            admit(pair.left());
        } catch (RuntimeException failure) {
            kernel.closeAll(List.of(pair.left(), pair.right()));
            throw failure;
        }
        return Handshake.over(kernel, pair.right(), options);
    }

    private synchronized void admit(int end) {
        if (closed) {
            throw new IllegalStateException("the ivshmem server is closed");
        }
        Optional<Refusal> refusal = clients.admit(end, kernel.sockets().peerCredentials(end));
        if (refusal.isPresent()) {
            throw new JoinRefusedException(refusal.get());
        }
        clients.deliver();
        kernel.sockets().signal(wakeUp);
    }

    /**
     * Parts with a peer: its connection is closed by the thread that serves, and the others are told. A QEMU goes on
     * without interrupts of the device; what it has mapped it keeps.
     *
     * @param id the peer
     * @return whether there is such a peer
     */
    public synchronized boolean disconnect(int id) {
        if (closed || clients.member(id).isEmpty()) {
            return false;
        }
        unwanted.add(id);
        kernel.sockets().signal(wakeUp);
        return true;
    }

    /** Serves until the server is closed. An interrupt of the thread does not end it. */
    public void run() {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = serveOnce(FOREVER);
        }
    }

    /**
     * Serves in a thread of its own until the server is closed.
     *
     * @param factory makes the thread, which is started here
     * @return the thread
     */
    public Thread start(ThreadFactory factory) {
        Thread thread = factory.newThread(this::run);
        thread.start();
        return thread;
    }

    /**
     * Waits until something is to be done and does that, once. If another thread serves, waits for that first.
     *
     * @param timeout how long to wait at most; negative for ever
     * @return false if the server is closed
     */
    public boolean serveOnce(Duration timeout) {
        serving.lock();
        try {
            if (!closed) {
                List<Ready> ready = kernel.sockets().poll(untilAcceptingAgain(timeout), wanted());
                serve(ready);
                tell();
            }
            return !closed;
        } finally {
            serving.unlock();
        }
    }

    private Duration untilAcceptingAgain(Duration timeout) {
        if (pause.isOver()) {
            return timeout;
        }
        Duration rest = pause.rest();
        return timeout.isNegative() || timeout.compareTo(rest) > 0 ? rest : timeout;
    }

    private synchronized List<Interest> wanted() {
        List<Interest> wanted = new ArrayList<>();
        wanted.add(new Interest(wakeUp, false));
        if (pause.isOver()) {
            wanted.add(new Interest(socket.descriptor(), false));
        }
        clients.all().forEach(member -> wanted.add(new Interest(member.socket(), !member.outbound().isEmpty())));
        return wanted;
    }

    private synchronized void serve(List<Ready> ready) {
        if (closed) {
            return;
        }
        kernel.sockets().drain(wakeUp);
        unwanted.forEach(id -> clients.member(id).ifPresent(
                member -> clients.remove(member, Departure.DISCONNECTED)));
        unwanted.clear();
        Map<Integer, Member> members = new HashMap<>();
        clients.all().forEach(member -> members.put(member.socket(), member));
        boolean somebodyComes = false;
        for (Ready one : ready) {
            somebodyComes |= one.descriptor() == socket.descriptor();
            Member member = members.get(one.descriptor());
            if (member != null && one.readable()) {
                clients.hear(member).ifPresent(why -> clients.remove(member, why));
            }
        }
        if (somebodyComes) {
            acceptSome();
        }
        clients.settle();
    }

    private void acceptSome() {
        try {
            for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
                OptionalInt accepted = kernel.sockets().accept(socket.descriptor());
                if (accepted.isEmpty()) {
                    return;
                }
                clients.welcome(accepted.getAsInt());
            }
        } catch (SystemCallException failure) {
            LOG.warn("An ivshmem server cannot accept peers for now", failure);
            pause = Deadline.in(PAUSE);
        }
    }

    private void tell() {
        List<Consumer<PeerListener>> news;
        synchronized (this) {
            news = clients.takeNews();
        }
        for (Consumer<PeerListener> one : news) {
            try {
                one.accept(listener);
            } catch (RuntimeException failure) {
                LOG.error("A listener of an ivshmem server failed", failure);
            }
        }
    }

    /**
     * Ends it: disconnects all peers, closes the socket and removes its file. When it returns nothing is left, and no
     * thread is in {@link #run} or {@link #serveOnce} that had not been told. The peers keep the memory. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (!released) {
                kernel.sockets().signal(wakeUp);
            }
        }
        serving.lock();
        try {
            release();
            tell();
        } finally {
            serving.unlock();
        }
    }

    private synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        clients.all().forEach(member -> clients.remove(member, Departure.SERVER_CLOSED));
        kernel.closeAll(List.of(memory, wakeUp));
        socket.close();
    }
}
