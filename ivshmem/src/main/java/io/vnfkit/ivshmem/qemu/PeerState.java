package io.vnfkit.ivshmem.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a peer knows of the others, and what of that nobody has been told yet. Not thread-safe.
 *
 * <p>Events that wait are bounded whatever the server sends: who left before anybody was told that it joined is not
 * mentioned at all.
 */
final class PeerState implements AutoCloseable {

    // A server that never stops sending must not keep a caller for ever.
    private static final int MESSAGES_AT_ONCE = 4096;

    private final PeerConnection connection;
    private final Doorbells doorbells;
    private final List<PeerEvent> events = new ArrayList<>();
    private boolean goneReported;

    PeerState(Kernel kernel, PeerConnection connection) {
        this.connection = connection;
        this.doorbells = new Doorbells(kernel);
    }

    PeerConnection connection() {
        return connection;
    }

    Doorbells doorbells() {
        return doorbells;
    }

    int ownVectors() {
        return doorbells.ownVectors();
    }

    void accept(Arrival arrival) {
        if (arrival instanceof Arrival.OwnVector own) {
            doorbells.addOwn(own.descriptor());
        } else if (arrival instanceof Arrival.PeerVector vector) {
            if (doorbells.add(vector.peer(), vector.descriptor())) {
                events.add(new PeerEvent.Joined(vector.peer()));
            }
        } else if (arrival instanceof Arrival.PeerGone gone) {
            doorbells.remove(gone.peer());
            if (!events.remove(new PeerEvent.Joined(gone.peer()))) {
                events.add(new PeerEvent.Left(gone.peer()));
            }
        }
    }

    /** Takes the messages that are here. */
    void update() {
        try {
            for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
                Optional<Arrival> arrival = connection.next();
                if (arrival.isEmpty()) {
                    break;
                }
                accept(arrival.get());
            }
        } finally {
            if (!connection.isOpen() && !goneReported) {
                goneReported = true;
                events.add(new PeerEvent.ServerGone());
            }
        }
    }

    List<PeerEvent> takeEvents() {
        List<PeerEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    @Override
    public void close() {
        connection.close();
        doorbells.close();
    }
}
