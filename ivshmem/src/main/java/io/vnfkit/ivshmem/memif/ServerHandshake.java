package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.HandshakeAction.Bind;
import io.vnfkit.ivshmem.memif.HandshakeAction.Close;
import io.vnfkit.ivshmem.memif.HandshakeAction.OpenRings;
import io.vnfkit.ivshmem.memif.HandshakeAction.Send;
import io.vnfkit.ivshmem.memif.HandshakeAction.TakeRegion;
import io.vnfkit.ivshmem.memif.HandshakeAction.TakeRing;
import io.vnfkit.ivshmem.memif.HandshakeAction.Up;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Ended;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Failed;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Received;
import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Connected;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The server's half of the handshake for one connection: it greets, takes an INIT for an interface that it offers, then
 * regions and rings, and is connected with CONNECT. Everything that messages alone tell is checked here. Pure: an
 * immutable state, and what an event makes of it.
 */
record ServerHandshake(Offer offer, Phase phase, MemifInterface bound, String peer, List<Long> regions,
        List<AddRing> rings) {

    private static final int HIGHEST_REGION = 255;

    enum Phase { AWAITS_INIT, ADDING, CONNECTED, CLOSED }

    /**
     * What the server offers.
     *
     * @param name of this program
     * @param interfaces by id
     */
    record Offer(String name, Map<Long, MemifInterface> interfaces) {
        Offer {
            interfaces = Map.copyOf(interfaces);
        }

        Hello hello() {
            int highest = interfaces.values().stream().mapToInt(MemifInterface::maxRings).max().orElse(1) - 1;
            int log2 = interfaces.values().stream().mapToInt(MemifInterface::maxLog2Size).max().orElse(1);
            return new Hello(name, MemifMessage.VERSION, MemifMessage.VERSION, HIGHEST_REGION, highest, highest, log2);
        }
    }

    ServerHandshake {
        regions = List.copyOf(regions);
        rings = List.copyOf(rings);
    }

    static Step<ServerHandshake> begin(Offer offer) {
        return Step.of(new ServerHandshake(offer, Phase.AWAITS_INIT, null, "", List.of(), List.of()),
                new Send(offer.hello()));
    }

    Step<ServerHandshake> on(HandshakeEvent event) {
        if (phase == Phase.CLOSED) {
            return Step.of(this);
        }
        if (event instanceof Ended) {
            return Step.of(closed(), new Close("the client closed the socket"));
        }
        if (event instanceof Failed failed) {
            return Step.refuse(closed(), failed.reason());
        }
        Received received = (Received) event;
        MemifMessage message = received.message();
        if (message instanceof Disconnect disconnect) {
            return Step.of(closed(), new Close("the client ended the link: " + disconnect.reason()));
        }
        boolean needsDescriptor = message instanceof AddRegion || message instanceof AddRing;
        if (needsDescriptor != received.hasDescriptor()) {
            return refuse((needsDescriptor ? "a descriptor is missing in " : "a descriptor does not belong in ")
                    + message.getClass().getSimpleName());
        }
        if (phase == Phase.AWAITS_INIT) {
            return message instanceof Init init ? initialized(init) : unexpected(message);
        }
        return phase == Phase.ADDING ? add(message) : unexpected(message);
    }

    private Step<ServerHandshake> initialized(Init init) {
        if (init.version() != MemifMessage.VERSION) {
            return refuse("version 0x" + Integer.toHexString(init.version()) + " is not 0x200");
        }
        MemifInterface wanted = offer.interfaces().get(init.id());
        if (wanted == null) {
            return refuse("no interface has the id " + init.id());
        }
        if (init.mode() != Init.ETHERNET) {
            return refuse("the interface carries Ethernet, not mode " + init.mode());
        }
        if (!wanted.secret().isEmpty() && !isSame(wanted.secret(), init.secret())) {
            return refuse(init.secret().isEmpty() ? "a secret is required" : "the secret is another");
        }
        return Step.of(new ServerHandshake(offer, Phase.ADDING, wanted, init.name(), regions, rings),
                new Bind(wanted), new Send(new Ack()));
    }

    /** In a time that does not depend on where they differ. */
    private static boolean isSame(String secret, String other) {
        return MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.ISO_8859_1), other.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Step<ServerHandshake> add(MemifMessage message) {
        if (message instanceof AddRegion region) {
            return add(region);
        }
        if (message instanceof AddRing ring) {
            return add(ring);
        }
        if (message instanceof Connect connect) {
            return Step.of(new ServerHandshake(offer, Phase.CONNECTED, bound, peer, regions, rings), new OpenRings(),
                    new Send(new Connected(bound.name())), new Up(peer, connect.interfaceName()));
        }
        return unexpected(message);
    }

    private Step<ServerHandshake> add(AddRegion region) {
        if (region.index() != regions.size() || region.index() > HIGHEST_REGION) {
            return refuse("region " + Math.min(regions.size(), HIGHEST_REGION) + " is next, not " + region.index());
        }
        long room = bound.maxMemory() - regions.stream().mapToLong(Long::longValue).sum();
        if (region.size() <= 0 || region.size() > room) {
            return refuse("region " + region.index() + " of " + Long.toUnsignedString(region.size())
                    + " bytes: there is room for " + room);
        }
        List<Long> sizes = new ArrayList<>(regions);
        sizes.add(region.size());
        return Step.of(new ServerHandshake(offer, phase, bound, peer, sizes, rings),
                new TakeRegion(region.index(), region.size()), new Send(new Ack()));
    }

    private Step<ServerHandshake> add(AddRing ring) {
        String wrong = whatIsWrongWith(ring);
        if (!wrong.isEmpty()) {
            return refuse("ring " + ring.index() + ": " + wrong);
        }
        List<AddRing> more = new ArrayList<>(rings);
        more.add(ring);
        return Step.of(new ServerHandshake(offer, phase, bound, peer, regions, more), new TakeRing(ring),
                new Send(new Ack()));
    }

    private String whatIsWrongWith(AddRing ring) {
        long next = rings.stream().filter(other -> other.direction() == ring.direction()).count();
        if (ring.index() != next || ring.index() >= bound.maxRings()) {
            return "index " + next + " is next, of at most " + bound.maxRings();
        }
        if (ring.log2Size() > bound.maxLog2Size()) {
            return "2^" + ring.log2Size() + " descriptors are more than 2^" + bound.maxLog2Size();
        }
        if (ring.privateHeader() != 0) {
            return "a private header of " + ring.privateHeader() + " bytes, not 0";
        }
        if (ring.region() >= regions.size()) {
            return "region " + ring.region() + " is not there";
        }
        long end = ring.offset() + bound.cacheLine().ringBytes(ring.log2Size());
        if (ring.offset() % Long.BYTES != 0 || end > regions.get(ring.region())) {
            return "bytes " + ring.offset() + " to " + end + " of the " + regions.get(ring.region()) + " of region "
                    + ring.region() + "; it begins at a multiple of 8";
        }
        return "";
    }

    private Step<ServerHandshake> unexpected(MemifMessage message) {
        return refuse(message.getClass().getSimpleName() + " is not expected now");
    }

    private Step<ServerHandshake> refuse(String reason) {
        return Step.refuse(closed(), reason);
    }

    private ServerHandshake closed() {
        return new ServerHandshake(offer, Phase.CLOSED, bound, peer, regions, rings);
    }
}
