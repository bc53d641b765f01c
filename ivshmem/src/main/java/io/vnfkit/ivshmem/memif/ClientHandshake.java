package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.HandshakeAction.Close;
import io.vnfkit.ivshmem.memif.HandshakeAction.LayOut;
import io.vnfkit.ivshmem.memif.HandshakeAction.Send;
import io.vnfkit.ivshmem.memif.HandshakeAction.Up;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Ended;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Failed;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Received;
import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Connected;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import java.util.ArrayList;
import java.util.List;

/**
 * The client's half of the handshake: it waits for the greeting, says INIT, its region and each of its rings, each time
 * waiting for the acknowledgement, then CONNECT, and is connected when the server says so. Pure: an immutable state,
 * and what an event makes of it.
 */
record ClientHandshake(Terms terms, Phase phase, String peer, List<MemifMessage> unsaid) {

    enum Phase { AWAITS_HELLO, AWAITS_ACK, AWAITS_CONNECTED, CONNECTED, CLOSED }

    /**
     * What the client wants.
     *
     * @param name of this program
     * @param interfaceName what it calls its end
     * @param id of the interface at the server
     * @param secret what the server may ask for; empty for none
     * @param rings how many of what size
     * @param base where in the region they begin
     * @param regionSize how much of the file the server maps
     */
    record Terms(String name, String interfaceName, long id, String secret, RingSettings rings, long base,
            long regionSize) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Terms[name=" + name + ", id=" + id + ", rings=" + rings + "]";
        }
    }

    ClientHandshake {
        unsaid = List.copyOf(unsaid);
    }

    static ClientHandshake begin(Terms terms) {
        return new ClientHandshake(terms, Phase.AWAITS_HELLO, "", List.of());
    }

    Step<ClientHandshake> on(HandshakeEvent event) {
        if (phase == Phase.CLOSED) {
            return Step.of(this);
        }
        if (event instanceof Ended) {
            return Step.of(closed(), new Close("the server closed the socket"));
        }
        if (event instanceof Failed failed) {
            return Step.refuse(closed(), failed.reason());
        }
        Received received = (Received) event;
        if (received.message() instanceof Disconnect disconnect) {
            return Step.of(closed(), new Close("the server ended the link: " + disconnect.reason()));
        }
        if (received.hasDescriptor()) {
            return Step.refuse(closed(), "a server sends no descriptors");
        }
        return on(received.message());
    }

    private Step<ClientHandshake> on(MemifMessage message) {
        return switch (phase) {
            case AWAITS_HELLO -> message instanceof Hello hello ? greeted(hello) : unexpected(message, "HELLO");
            case AWAITS_ACK -> message instanceof Ack ? sayNext(this) : unexpected(message, "ACK");
            case AWAITS_CONNECTED -> message instanceof Connected connected
                    ? Step.of(in(Phase.CONNECTED), new Up(peer, connected.interfaceName()))
                    : unexpected(message, "CONNECTED");
            case CONNECTED, CLOSED -> unexpected(message, "DISCONNECT");
        };
    }

    private Step<ClientHandshake> greeted(Hello hello) {
        if (hello.lowestVersion() > MemifMessage.VERSION || hello.highestVersion() < MemifMessage.VERSION) {
            return Step.refuse(closed(), "version 0x200 is not among the server's, " + Integer.toHexString(
                    hello.lowestVersion()) + " to " + Integer.toHexString(hello.highestVersion()));
        }
        if (hello.highestLog2() < 1) {
            return Step.refuse(closed(), "the server takes no ring of two descriptors");
        }
        MemoryLayout layout = new MemoryLayout(terms.rings().within(hello), terms.base());
        List<MemifMessage> messages = new ArrayList<>();
        messages.add(new Init(MemifMessage.VERSION, terms.id(), Init.ETHERNET, terms.secret(), terms.name()));
        messages.add(new AddRegion(0, terms.regionSize()));
        messages.addAll(layout.messages());
        messages.add(new Connect(terms.interfaceName()));
        Step<ClientHandshake> said = sayNext(new ClientHandshake(terms, Phase.AWAITS_ACK, hello.name(), messages));
        List<HandshakeAction> actions = new ArrayList<>(List.of(new LayOut(layout)));
        actions.addAll(said.actions());
        return new Step<>(said.next(), actions);
    }

    private static Step<ClientHandshake> sayNext(ClientHandshake state) {
        MemifMessage message = state.unsaid.get(0);
        List<MemifMessage> rest = state.unsaid.subList(1, state.unsaid.size());
        Phase next = rest.isEmpty() ? Phase.AWAITS_CONNECTED : Phase.AWAITS_ACK;
        return Step.of(new ClientHandshake(state.terms, next, state.peer, rest), new Send(message));
    }

    private Step<ClientHandshake> unexpected(MemifMessage message, String expected) {
        return Step.refuse(closed(), "expected " + expected + ", not " + message.getClass().getSimpleName());
    }

    private ClientHandshake closed() {
        return new ClientHandshake(terms, Phase.CLOSED, peer, List.of());
    }

    private ClientHandshake in(Phase next) {
        return new ClientHandshake(terms, next, peer, unsaid);
    }
}
