package io.vnfkit.ivshmem.qemu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Messages that wait until a client takes them. It holds the descriptors of others by number: when one of those leaves,
 * what still waits about it is dropped, so that its descriptors can be closed at once.
 */
final class Outbound {

    private final Deque<Message> waiting = new ArrayDeque<>();
    private final Set<Integer> known = new HashSet<>();
    private final int capacity;

    /** The greeting has room of its own, however many peers it is about. */
    Outbound(List<Message> greeting, int limit) {
        this.capacity = greeting.size() + limit;
        waiting.addAll(greeting);
    }

    /** A peer with its vectors. */
    void joined(int peer, List<Integer> eventfds) {
        eventfds.forEach(eventfd -> waiting.add(new Message(peer, eventfd)));
    }

    /** The client is told only if it has been told of the peer. */
    void left(int peer) {
        waiting.removeIf(message -> message.value() == peer && message.hasDescriptor());
        if (known.remove(peer)) {
            waiting.add(Message.plain(peer));
        }
    }

    boolean isFull() {
        return waiting.size() > capacity;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    Message next() {
        return waiting.element();
    }

    /** The kernel has taken the next message. */
    void sent() {
        Message message = waiting.remove();
        if (message.hasDescriptor() && message.value() != Protocol.MEMORY) {
            known.add((int) message.value());
        }
    }
}
