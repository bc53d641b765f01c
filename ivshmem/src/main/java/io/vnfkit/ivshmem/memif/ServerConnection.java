package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;
import io.vnfkit.ivshmem.memif.ControlChannel.Incoming;
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
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import java.util.List;

/** One client of a server: does what its half of the handshake says. For the thread that polls. */
final class ServerConnection implements AutoCloseable {

    private final Kernel kernel;
    private final ControlChannel channel;
    private final Bindings bindings;
    private final LinkState state;
    private final LinkQueues queues = new LinkQueues();
    private final long since;
    private final Step<ServerHandshake> beginning;
    private ServerHandshake handshake;
    private MemifInterface bound;
    private MemifLink link;
    private boolean isOver;

    /** Which interfaces have a client. */
    interface Bindings {
        boolean bind(MemifInterface offered);

        void up(MemifInterface offered, MemifLink link);

        void unbind(MemifInterface offered);
    }

    ServerConnection(Kernel kernel, int socket, Step<ServerHandshake> beginning, Bindings bindings, Runnable wake,
            long since) {
        this.kernel = kernel;
        this.channel = new ControlChannel(kernel.sockets(), kernel.files(), socket);
        this.bindings = bindings;
        this.state = new LinkState(wake);
        this.since = since;
        this.beginning = beginning;
        this.handshake = beginning.next();
    }

    void greet() {
        apply(beginning, null);
    }

    int descriptor() {
        return channel.descriptor();
    }

    long since() {
        return since;
    }

    boolean isUp() {
        return link != null;
    }

    boolean isOver() {
        return isOver;
    }

    /** One message, or the end. */
    void read() {
        Incoming incoming;
        try {
            incoming = channel.receive();
        } catch (MemifProtocolException failure) {
            fail(failure.getMessage());
            return;
        }
        if (incoming == Incoming.NOTHING) {
            return;
        }
        if (incoming == Incoming.END) {
            apply(handshake.on(new Ended()), null);
            return;
        }
        try (HeldDescriptor descriptor = incoming.descriptor()) {
            apply(handshake.on(new Received(incoming.message(), descriptor.isPresent())), descriptor);
        }
    }

    /** A queue found damage, or the user wants no more. */
    void endIfDown() {
        if (isOver) {
            return;
        }
        if (!state.isUp()) {
            fail(state.reason());
        } else if (isUp()) {
            endIfMemoryIsGone();
        }
    }

    /** The data path cannot: the JVM tells of a fault in mapped memory some time later. */
    private void endIfMemoryIsGone() {
        try {
            queues.requireMemory();
        } catch (DamagedLinkException gone) {
            fail(gone.getMessage());
        }
    }

    void fail(String reason) {
        apply(handshake.on(new Failed(reason)), null);
    }

    private void apply(Step<ServerHandshake> step, HeldDescriptor descriptor) {
        handshake = step.next();
        for (HandshakeAction action : step.actions()) {
            try {
                act(action, descriptor);
            } catch (VnfkitException failure) {
                fail(failure.getMessage());
                return;
            }
        }
    }

    private void act(HandshakeAction action, HeldDescriptor descriptor) {
        if (action instanceof Send send) {
            say(send.message());
        } else if (action instanceof Bind bind) {
            bind(bind.offered());
        } else if (action instanceof TakeRegion region) {
            take(region, descriptor);
        } else if (action instanceof TakeRing) {
            queues.keep(kernel.eventOf(descriptor.take()));
        } else if (action instanceof OpenRings) {
            openRings(handshake.rings());
        } else if (action instanceof Up up) {
            link = new MemifLink(state, up.peer(), up.peerInterface(), queues);
            bindings.up(bound, link);
        } else if (action instanceof Close close) {
            state.ended(close.reason());
            isOver = true;
        }
    }

    private void take(TakeRegion region, HeldDescriptor descriptor) {
        int file = descriptor.descriptor();
        queues.keep(ForeignRegion.map(kernel.memory(), file, region, bound.acceptsUnsealed()));
        if (!ForeignRegion.isSealed(kernel.memory(), file)) {
            queues.keep(new WatchedFile(kernel, descriptor.take(), region));
        }
    }

    private void say(MemifMessage message) {
        if (message instanceof Disconnect) {
            channel.sendIfPossible(message);
        } else {
            channel.send(message);
        }
    }

    private void bind(MemifInterface offered) {
        if (!bindings.bind(offered)) {
            throw new MemifProtocolException("interface " + offered.id() + " has a client already");
        }
        bound = offered;
    }

    private void openRings(List<AddRing> rings) {
        queues.requireMemory();
        ForeignBuffers buffers = new ForeignBuffers(queues.regions());
        for (int i = 0; i < rings.size(); i++) {
            AddRing described = rings.get(i);
            Ring ring = ringOf(described);
            begin(ring);
            if (described.direction() == Direction.CLIENT_TO_SERVER) {
                ServerReceiveQueue queue = new ServerReceiveQueue(ring, state, queues.event(i), buffers);
                queue.wantSignals(false);
                queues.add(queue);
            } else {
                queues.add(new ServerTransmitQueue(ring, state, queues.event(i), buffers));
            }
        }
    }

    private Ring ringOf(AddRing described) {
        CacheLine line = bound.cacheLine();
        RegionMemory region = queues.region(described.region());
        if (described.offset() + line.ringBytes(described.log2Size()) > region.size()) {
            throw new DamagedLinkException("ring " + described.index() + " lies beyond the first 4 GiB");
        }
        return new Ring(region.part(described.offset(), (int) line.ringBytes(described.log2Size())), line,
                described.log2Size(), described.direction() + " ring " + described.index());
    }

    private static void begin(Ring ring) {
        int cookie = ring.cookie();
        if (cookie != RingFields.COOKIE) {
            throw new DamagedLinkException(ring.name() + ": begins with 0x" + Integer.toHexString(cookie)
                    + " instead of the cookie 0x" + Integer.toHexString(RingFields.COOKIE));
        }
        ring.reset();
    }

    /** Frees everything. Queues that threads still use meet zeros. */
    @Override
    public void close() {
        state.ended("the server was closed");
        if (bound != null) {
            bindings.unbind(bound);
        }
        channel.close();
        queues.close();
    }
}
