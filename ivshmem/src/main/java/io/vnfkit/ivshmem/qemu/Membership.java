package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who is connected, and what each of them has to be told. It makes no system call. Not thread-safe.
 *
 * <p>An id is never given twice. QEMU frees what it knows of a peer that leaves, and writes there when the same id
 * joins again: 7.2 dies of it.
 */
final class Membership {

    private final Map<Integer, Member> members = new TreeMap<>();
    private final int memory;
    private final int maxPeers;
    private final int outboundLimit;
    private int nextId;

    Membership(int memory, int firstId, int maxPeers, int outboundLimit) {
        this.memory = memory;
        this.nextId = firstId;
        this.maxPeers = maxPeers;
        this.outboundLimit = outboundLimit;
    }

    /** What keeps anybody off now. */
    Optional<Refusal> refusal() {
        if (nextId > Protocol.MAX_ID) {
            return Optional.of(Refusal.IDS_EXHAUSTED);
        }
        return members.size() >= maxPeers ? Optional.of(Refusal.FULL) : Optional.empty();
    }

    Member admit(Credentials credentials, int socket, List<Integer> eventfds, Instant now) {
        int id = nextId++;
        members.values().forEach(member -> member.outbound().joined(id, eventfds));
        Outbound outbound = new Outbound(greeting(id, eventfds), outboundLimit);
        Member member = new Member(id, credentials, now, socket, eventfds, outbound);
        members.put(id, member);
        return member;
    }

    private List<Message> greeting(int id, List<Integer> eventfds) {
        List<Message> greeting = new ArrayList<>();
        greeting.add(Message.plain(Protocol.VERSION));
        greeting.add(Message.plain(id));
        greeting.add(new Message(Protocol.MEMORY, memory));
        for (Member other : members.values()) {
            other.eventfds().forEach(eventfd -> greeting.add(new Message(other.id(), eventfd)));
        }
        eventfds.forEach(eventfd -> greeting.add(new Message(id, eventfd)));
        return greeting;
    }

    /** After this nothing that waits names the descriptors of the member. */
    void remove(Member member) {
        members.remove(member.id());
        members.values().forEach(other -> other.outbound().left(member.id()));
    }

    Collection<Member> members() {
        return members.values();
    }

    Optional<Member> member(int id) {
        return Optional.ofNullable(members.get(id));
    }
}
