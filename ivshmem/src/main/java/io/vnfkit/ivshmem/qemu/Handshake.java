package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Connecting: everything up to the shared memory and the vectors that were asked for. */
final class Handshake {

    private static final long PAGE = 4096;

    private final Kernel kernel;
    private final PeerOptions options;
    private final PeerConnection connection;
    private final PeerState state;
    private final Deadline deadline;
    private int id = -1;
    private int memory = -1;
    private long size;

    private Handshake(Kernel kernel, int socket, PeerOptions options) {
        this.kernel = kernel;
        this.options = options;
        this.connection = new PeerConnection(kernel, socket,
                new PeerProtocol(options.maxPeers(), options.maxVectors()));
        this.state = new PeerState(kernel, connection);
        this.deadline = Deadline.in(options.timeout());
    }

    /** Takes over the socket, also when it fails. */
    static IvshmemPeer over(Kernel kernel, int socket, PeerOptions options) {
        Handshake handshake = new Handshake(kernel, socket, options);
        try {
            handshake.run();
            return new IvshmemPeer(kernel, handshake.state, handshake.id, handshake.memory, handshake.size);
        } catch (RuntimeException failure) {
            handshake.abandon();
            throw failure;
        }
    }

    private void run() {
        id = ((Arrival.Identity) await()).id();
        memory = ((Arrival.Memory) await()).descriptor();
        size = requireGoodMemory();
        while (state.ownVectors() < options.vectors()) {
            state.accept(await());
        }
    }

    /** The next message; the protocol sees to their order. */
    private Arrival await() {
        while (true) {
            Optional<Arrival> arrival = connection.next();
            if (arrival.isPresent()) {
                return arrival.get();
            }
            if (!connection.isOpen()) {
                throw new IvshmemProtocolException(Violation.ENDED, "the connection ended after " + state.ownVectors()
                        + " of the " + options.vectors() + " vectors that were asked for");
            }
            Interest interest = connection.interest();
            if (deadline.isOver() || kernel.sockets().poll(deadline.rest(), List.of(interest)).isEmpty()) {
                throw new ConnectTimeoutException(options.timeout(), progress());
            }
        }
    }

    private String progress() {
        if (id < 0) {
            return "nothing came";
        }
        return memory < 0
                ? "only the id " + id + " came"
                : state.ownVectors() + " of the " + options.vectors() + " vectors that were asked for came";
    }

    private long requireGoodMemory() {
        OpenFile status = kernel.memory().status(memory);
        if (!status.isRegular()) {
            throw badMemory("is no ordinary file (mode 0" + Integer.toOctalString(status.mode()) + ")");
        }
        if (status.size() <= 0 || status.size() % PAGE != 0) {
            throw badMemory("has " + status.size() + " bytes, no multiple of a page");
        }
        if (status.size() > options.maxMemory().value()) {
            throw badMemory("has " + status.size() + " bytes, and " + options.maxMemory().value() + " are allowed");
        }
        Set<Seal> missing = missingSeals();
        if (!missing.isEmpty()) {
            throw badMemory("lacks the seals " + missing);
        }
        return status.size();
    }

    private Set<Seal> missingSeals() {
        if (options.seals().isEmpty()) {
            return Set.of();
        }
        Set<Seal> missing = EnumSet.copyOf(options.seals());
        missing.removeAll(kernel.memory().seals(memory));
        return missing;
    }

    private static IvshmemProtocolException badMemory(String what) {
        return new IvshmemProtocolException(Violation.MEMORY, "the shared memory " + what);
    }

    private void abandon() {
        state.close();
        if (memory >= 0) {
            kernel.calls().close(memory);
        }
    }
}
