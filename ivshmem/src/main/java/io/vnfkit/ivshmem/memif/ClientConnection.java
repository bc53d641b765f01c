package io.vnfkit.ivshmem.memif;

import io.vnfkit.VnfkitException;
import io.vnfkit.ivshmem.memif.ControlChannel.Incoming;
import io.vnfkit.ivshmem.memif.HandshakeAction.Close;
import io.vnfkit.ivshmem.memif.HandshakeAction.LayOut;
import io.vnfkit.ivshmem.memif.HandshakeAction.Send;
import io.vnfkit.ivshmem.memif.HandshakeAction.Up;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Ended;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Failed;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Received;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import java.util.ArrayList;
import java.util.List;

/** One connection to a server: does what the client's half of the handshake says. For the thread that polls. */
final class ClientConnection implements AutoCloseable {

    private final Kernel kernel;
    private final ControlChannel channel;
    private final ClientFile file;
    private final LinkState state;
    private final LinkQueues queues = new LinkQueues();
    private final List<ClientReceiveQueue> receiving = new ArrayList<>();
    private final long since;
    private int ringsSaid;
    private ClientHandshake handshake;
    private MemifLink link;
    private boolean isOver;

    ClientConnection(Kernel kernel, int socket, ClientFile file, ClientHandshake.Terms terms, Runnable wake, long since) {
        this.kernel = kernel;
        this.channel = new ControlChannel(kernel.sockets(), kernel.files(), socket);
        this.file = file;
        this.state = new LinkState(wake);
        this.handshake = ClientHandshake.begin(terms);
        this.since = since;
    }

    int descriptor() {
        return channel.descriptor();
    }

    long since() {
        return since;
    }

    /** Null before it is up. */
    MemifLink link() {
        return link;
    }

    boolean isOver() {
        return isOver;
    }

    String reason() {
        return state.reason();
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
            apply(handshake.on(new Ended()));
            return;
        }
        try (HeldDescriptor descriptor = incoming.descriptor()) {
            apply(handshake.on(new Received(incoming.message(), descriptor.isPresent())));
        }
    }

    /** A queue found damage, or the user wants no more. */
    void endIfDown() {
        if (!isOver && !state.isUp()) {
            fail(state.reason());
        }
    }

    void fail(String reason) {
        apply(handshake.on(new Failed(reason)));
    }

    private void apply(Step<ClientHandshake> step) {
        handshake = step.next();
        for (HandshakeAction action : step.actions()) {
            try {
                act(action);
            } catch (VnfkitException failure) {
                fail(failure.getMessage());
                return;
            }
        }
    }

    private void act(HandshakeAction action) {
        if (action instanceof Send send) {
            say(send.message());
        } else if (action instanceof LayOut layOut) {
            layOut(layOut.layout());
        } else if (action instanceof Up up) {
            // Not before: the server empties the rings when it connects.
            receiving.forEach(queue -> queue.wantSignals(false));
            receiving.forEach(ClientReceiveQueue::post);
            link = new MemifLink(state, up.peer(), up.peerInterface(), queues);
        } else if (action instanceof Close close) {
            state.ended(close.reason());
            isOver = true;
        }
    }

    private void say(MemifMessage message) {
        if (message instanceof Disconnect) {
            channel.sendIfPossible(message);
        } else if (message instanceof AddRegion) {
            channel.send(message, file.descriptor());
        } else if (message instanceof AddRing) {
            channel.send(message, queues.event(ringsSaid++).descriptor());
        } else {
            channel.send(message);
        }
    }

    /** In the order of the messages, so that events are found again by their number. */
    private void layOut(MemoryLayout layout) {
        RegionMemory region = queues.keep(file.map());
        for (AddRing described : layout.messages()) {
            EventDescriptor event = queues.keep(kernel.newEvent());
            ClientBuffers buffers = new ClientBuffers(region,
                    layout.buffersAt(described.direction(), described.index()), layout.rings().bufferSize());
            Ring ring = ringOf(described, layout.rings().cacheLine(), region);
            ring.clear();
            if (described.direction() == Direction.CLIENT_TO_SERVER) {
                queues.add(new ClientTransmitQueue(ring, state, event, buffers));
            } else {
                ClientReceiveQueue queue = new ClientReceiveQueue(ring, state, event, buffers);
                receiving.add(queue);
                queues.add(queue);
            }
        }
    }

    private static Ring ringOf(AddRing described, CacheLine line, RegionMemory region) {
        return new Ring(region.part(described.offset(), (int) line.ringBytes(described.log2Size())), line,
                described.log2Size(), described.direction() + " ring " + described.index());
    }

    /** Frees everything. Queues that threads still use meet zeros. */
    @Override
    public void close() {
        state.ended("the client was closed");
        channel.close();
        queues.close();
    }
}
