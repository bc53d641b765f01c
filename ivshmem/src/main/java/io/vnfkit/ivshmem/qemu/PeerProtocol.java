package io.vnfkit.ivshmem.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client's side of the protocol: bytes and descriptors in, what they say out. It makes no system call, so whatever a
 * server may send can be tried on it.
 *
 * <p>After an exception the connection is worth nothing, and {@link #unclaimed} says which descriptors are to be
 * closed.
 */
final class PeerProtocol {

    private enum Stage {
        VERSION,
        IDENTITY,
        MEMORY,
        PEERS
    }

    private final int maxPeers;
    private final int maxVectors;
    private final ByteBuffer partial = ByteBuffer.allocate(Protocol.MESSAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Integer> held = new ArrayList<>();
    private final Map<Integer, Integer> vectorsOfPeers = new HashMap<>();
    private Stage stage = Stage.VERSION;
    private int id;
    private int ownVectors;

    PeerProtocol(int maxPeers, int maxVectors) {
        this.maxPeers = maxPeers;
        this.maxVectors = maxVectors;
    }

    /** How many bytes complete the message: never more are to be received at once, or descriptors would mix. */
    int missing() {
        return partial.remaining();
    }

    /**
     * Takes what one recvmsg(2) gave.
     *
     * @param bytes at most {@link #missing} bytes
     * @param descriptors what came along, which now belongs to this object
     * @return what the message says; empty while it is not complete, and for the version
     * @throws IvshmemProtocolException if that breaks a rule
     */
    Optional<Arrival> receive(ByteBuffer bytes, List<Integer> descriptors) {
        held.addAll(descriptors);
        partial.put(bytes);
        if (held.size() > 1) {
            throw new IvshmemProtocolException(Violation.DESCRIPTOR_SURPLUS,
                    held.size() + " descriptors with one message, which has one at most");
        }
        if (partial.hasRemaining()) {
            return Optional.empty();
        }
        long value = partial.flip().getLong();
        partial.clear();
        return switch (stage) {
            case VERSION -> version(value);
            case IDENTITY -> identity(value);
            case MEMORY -> memory(value);
            case PEERS -> peer(value);
        };
    }

    private Optional<Arrival> version(long value) {
        requireNoDescriptor("the protocol version " + value);
        if (value == Protocol.REFUSED) {
            throw new IvshmemProtocolException(Violation.REFUSED,
                    "it turns this client away: it does not admit it, or is full");
        }
        if (value != Protocol.VERSION) {
            throw new IvshmemProtocolException(Violation.VERSION,
                    "version " + value + ", where only version " + Protocol.VERSION + " is known");
        }
        stage = Stage.IDENTITY;
        return Optional.empty();
    }

    private Optional<Arrival> identity(long value) {
        requireNoDescriptor("the own id " + value);
        id = requireId(value);
        stage = Stage.MEMORY;
        return Optional.of(new Arrival.Identity(id));
    }

    private Optional<Arrival> memory(long value) {
        if (value != Protocol.MEMORY) {
            throw new IvshmemProtocolException(Violation.ORDER,
                    "message " + value + " where the shared memory, " + Protocol.MEMORY + ", comes next");
        }
        int descriptor = claim().orElseThrow(() -> new IvshmemProtocolException(Violation.DESCRIPTOR_MISSING,
                "the message about the shared memory has no descriptor"));
        stage = Stage.PEERS;
        return Optional.of(new Arrival.Memory(descriptor));
    }

    private Optional<Arrival> peer(long value) {
        if (value == Protocol.MEMORY) {
            throw new IvshmemProtocolException(Violation.ORDER, "the shared memory for a second time");
        }
        int peer = requireId(value);
        if (held.isEmpty()) {
            return Optional.of(gone(peer));
        }
        int vector = peer == id ? ownVectors : vectorsOfPeers.getOrDefault(peer, 0);
        if (vector >= maxVectors) {
            throw new IvshmemProtocolException(Violation.TOO_MANY_VECTORS,
                    "peer " + peer + " has more than " + maxVectors + " vectors");
        }
        if (peer == id) {
            ownVectors++;
            return Optional.of(new Arrival.OwnVector(vector, claim().orElseThrow()));
        }
        if (vector == 0 && vectorsOfPeers.size() >= maxPeers) {
            throw new IvshmemProtocolException(Violation.TOO_MANY_PEERS,
                    "peer " + peer + " joins, and there are " + maxPeers + " already");
        }
        vectorsOfPeers.put(peer, vector + 1);
        return Optional.of(new Arrival.PeerVector(peer, vector, claim().orElseThrow()));
    }

    private Arrival gone(int peer) {
        if (vectorsOfPeers.remove(peer) == null) {
            throw new IvshmemProtocolException(Violation.ORDER, peer == id
                    ? "this peer itself, " + peer + ", is said to have left"
                    : "peer " + peer + " leaves, and never joined");
        }
        return new Arrival.PeerGone(peer);
    }

    /**
     * The connection has ended.
     *
     * @throws IvshmemProtocolException if a message had begun, or the memory was still to come
     */
    void end() {
        if (partial.position() > 0) {
            throw new IvshmemProtocolException(Violation.ENDED,
                    "the connection ended after " + partial.position() + " bytes of a message");
        }
        if (stage != Stage.PEERS) {
            throw new IvshmemProtocolException(Violation.ENDED, "the connection ended before the shared memory came;"
                    + " a server does this to those whom it does not allow, and when it is full");
        }
    }

    private static int requireId(long value) {
        if (value < 0 || value > Protocol.MAX_ID) {
            throw new IvshmemProtocolException(Violation.PEER_ID,
                    "a peer has an id from 0 to " + Protocol.MAX_ID + ", not " + value);
        }
        return (int) value;
    }

    private void requireNoDescriptor(String message) {
        if (!held.isEmpty()) {
            throw new IvshmemProtocolException(Violation.DESCRIPTOR_SURPLUS, "a descriptor with " + message);
        }
    }

    private Optional<Integer> claim() {
        return unclaimed().stream().findFirst();
    }

    /** Descriptors that came and that nobody has been given. They are the caller's from now on. */
    List<Integer> unclaimed() {
        List<Integer> descriptors = List.copyOf(held);
        held.clear();
        return descriptors;
    }
}
