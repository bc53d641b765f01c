package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Credentials;
import io.vnfkit.linux.UnixSocketCalls.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the {@link Membership} says: sockets and eventfds of the clients. Not thread-safe. */
final class Clients {

    private static final Logger LOG = LoggerFactory.getLogger(IvshmemServer.class);

    private final Kernel kernel;
    private final Membership membership;
    private final Predicate<Credentials> admission;
    private final ToIntFunction<Credentials> vectors;
    private final ByteBuffer outgoing =
            ByteBuffer.allocateDirect(Protocol.MESSAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(Protocol.MESSAGE_SIZE);
    private List<Consumer<PeerListener>> news = new ArrayList<>();

    Clients(Kernel kernel, ServerBuilder settings, int memory) {
        this.kernel = kernel;
        this.membership = new Membership(memory, settings.firstId, settings.maxPeers, settings.outboundLimit);
        this.admission = settings.admission;
        this.vectors = settings.vectors;
    }

    List<Member> all() {
        return List.copyOf(membership.members());
    }

    Optional<Member> member(int id) {
        return membership.member(id);
    }

    /** Who came from outside. Takes over the socket. */
    void welcome(int socket) {
        try {
            Credentials who = kernel.sockets().peerCredentials(socket);
            Optional<Refusal> refusal = admits(who).or(() -> admit(socket, who));
            refusal.ifPresent(why -> turnAway(socket, who, why));
        } catch (RuntimeException failure) {
            kernel.calls().close(socket);
            throw failure;
        }
    }

    private void turnAway(int socket, Credentials who, Refusal why) {
        news.add(listener -> listener.refused(who, why));
        try {
            send(socket, Message.plain(Protocol.REFUSED));
        } catch (SystemCallException failure) {
            // Gone already, as it is to be.
            LOG.debug("Who is turned away does not hear of it: {}", who, failure);
        }
        kernel.calls().close(socket);
    }

    private Optional<Refusal> admits(Credentials who) {
        try {
            return admission.test(who) ? Optional.empty() : Optional.of(Refusal.NOT_ADMITTED);
        } catch (RuntimeException failure) {
            LOG.error("The rule about who may connect to an ivshmem server failed for {}", who, failure);
            return Optional.of(Refusal.RULE_FAILED);
        }
    }

    /** Takes over the socket unless it refuses. */
    Optional<Refusal> admit(int socket, Credentials who) {
        Optional<Refusal> refusal = membership.refusal();
        if (refusal.isPresent()) {
            return refusal;
        }
        int count;
        try {
            count = Protocol.requireVectors(vectors.applyAsInt(who));
        } catch (RuntimeException failure) {
            LOG.error("The rule about the vectors of an ivshmem peer failed for {}", who, failure);
            return Optional.of(Refusal.RULE_FAILED);
        }
        Optional<List<Integer>> eventfds = eventfds(count);
        if (eventfds.isEmpty()) {
            return Optional.of(Refusal.NO_EVENTFDS);
        }
        Member member = membership.admit(who, socket, eventfds.get(), Instant.now());
        ConnectedPeer view = member.view();
        news.add(listener -> listener.joined(view));
        return Optional.empty();
    }

    private Optional<List<Integer>> eventfds(int count) {
        List<Integer> eventfds = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                eventfds.add(kernel.sockets().eventfd());
            }
            return Optional.of(List.copyOf(eventfds));
        } catch (SystemCallException failure) {
            kernel.closeAll(eventfds);
            LOG.warn("No eventfds for one more ivshmem peer", failure);
            return Optional.empty();
        }
    }

    /** Looks at what a client sent: none has anything to say. */
    Optional<Departure> hear(Member member) {
        try {
            Received received = kernel.sockets().receive(member.socket(), incoming.clear(), 0);
            if (received.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(received.isEnd() ? Departure.CLOSED : Departure.SPOKE);
        } catch (SystemCallException failure) {
            // The client closed with messages unread.
            if (failure.is(Errno.ECONNRESET)) {
                return Optional.of(Departure.CLOSED);
            }
            throw failure;
        }
    }

    /** Sends to everybody what waits, and parts with those that do not take it, which the rest is told in turn. */
    void settle() {
        boolean isSettled = false;
        while (!isSettled) {
            isSettled = true;
            for (Member member : all()) {
                Optional<Departure> why = flush(member);
                if (why.isPresent()) {
                    remove(member, why.get());
                    isSettled = false;
                }
            }
        }
    }

    /** Sends to everybody what waits. Who does not take it is left to {@link #settle}. */
    void deliver() {
        all().forEach(this::flush);
    }

    private Optional<Departure> flush(Member member) {
        Outbound outbound = member.outbound();
        try {
            while (!outbound.isEmpty() && send(member.socket(), outbound.next())) {
                outbound.sent();
            }
        } catch (SystemCallException failure) {
            if (failure.is(Errno.EPIPE) || failure.is(Errno.ECONNRESET)) {
                return Optional.of(Departure.CLOSED);
            }
            LOG.warn("Cannot send to ivshmem peer {}", member.id(), failure);
            return Optional.of(Departure.SEND_FAILED);
        }
        return outbound.isFull() ? Optional.of(Departure.OVERFLOW) : Optional.empty();
    }

    /** One message in one sendmsg(2): the kernel takes eight bytes whole or not at all, and QEMU reads them so. */
    private boolean send(int socket, Message message) {
        outgoing.clear().putLong(0, message.value());
        return message.hasDescriptor()
                ? kernel.sockets().send(socket, outgoing, message.descriptor())
                : kernel.sockets().send(socket, outgoing);
    }

    void remove(Member member, Departure why) {
        ConnectedPeer view = member.view();
        membership.remove(member);
        kernel.calls().close(member.socket());
        kernel.closeAll(member.eventfds());
        news.add(listener -> listener.left(view, why));
    }

    /** What there is to tell the listener since the last time. */
    List<Consumer<PeerListener>> takeNews() {
        List<Consumer<PeerListener>> taken = news;
        news = new ArrayList<>();
        return taken;
    }
}
