package io.vnfkit.ivshmem.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The eventfds that a peer was sent: its own, and those of the others. Not thread-safe. */
final class Doorbells implements AutoCloseable {

    private final Kernel kernel;
    private final List<Integer> own = new ArrayList<>();
    private final Map<Integer, List<Integer>> others = new TreeMap<>();

    Doorbells(Kernel kernel) {
        this.kernel = kernel;
    }

    void addOwn(int descriptor) {
        own.add(descriptor);
    }

    /** Tells whether this is the peer's first. */
    boolean add(int peer, int descriptor) {
        List<Integer> vectors = others.computeIfAbsent(peer, id -> new ArrayList<>());
        vectors.add(descriptor);
        return vectors.size() == 1;
    }

    void remove(int peer) {
        List<Integer> vectors = others.remove(peer);
        if (vectors != null) {
            kernel.closeAll(vectors);
        }
    }

    int ownVectors() {
        return own.size();
    }

    int vectorsOf(int peer) {
        return others.getOrDefault(peer, List.of()).size();
    }

    List<RemotePeer> peers() {
        return others.entrySet().stream()
                .map(entry -> new RemotePeer(entry.getKey(), entry.getValue().size()))
                .toList();
    }

    int own(int vector) {
        if (vector < 0 || vector >= own.size()) {
            throw new IllegalArgumentException(
                    "this peer has " + own.size() + " vectors, and none is number " + vector);
        }
        return own.get(vector);
    }

    void ring(int peer, int vector) {
        List<Integer> vectors = vectors(peer);
        if (vector < 0 || vector >= vectors.size()) {
            throw new IllegalArgumentException("peer " + peer + " has " + vectors.size()
                    + " vectors that are known, and none is number " + vector);
        }
        kernel.sockets().signal(vectors.get(vector));
    }

    void ringAll(int peer) {
        vectors(peer).forEach(kernel.sockets()::signal);
    }

    void ringAll() {
        others.values().forEach(vectors -> vectors.forEach(kernel.sockets()::signal));
    }

    private List<Integer> vectors(int peer) {
        List<Integer> vectors = others.get(peer);
        if (vectors == null) {
            throw new UnknownPeerException(peer, others.keySet());
        }
        return vectors;
    }

    @Override
    public void close() {
        kernel.closeAll(own);
        others.values().forEach(kernel::closeAll);
        own.clear();
        others.clear();
    }
}
