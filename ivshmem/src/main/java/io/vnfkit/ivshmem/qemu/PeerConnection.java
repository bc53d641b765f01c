package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Received;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A client's end of the socket: takes messages from it until it ends or breaks a rule. Not thread-safe. */
final class PeerConnection implements AutoCloseable {

    private final Kernel kernel;
    private final PeerProtocol protocol;
    private final int socket;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(Protocol.MESSAGE_SIZE);
    private boolean open = true;
    private boolean closed;

    PeerConnection(Kernel kernel, int socket, PeerProtocol protocol) {
        this.kernel = kernel;
        this.socket = socket;
        this.protocol = protocol;
    }

    boolean isOpen() {
        return open;
    }

    Interest interest() {
        return new Interest(socket, false);
    }

    /**
     * What the next message says, of those that are here.
     *
     * @return empty if there is none, or the server has gone, which {@link #isOpen} tells
     * @throws IvshmemProtocolException if the server breaks a rule; nothing more is taken from it then
     */
    Optional<Arrival> next() {
        try {
            while (open) {
                Received received = receive();
                if (received.isEmpty()) {
                    return Optional.empty();
                }
                Optional<Arrival> arrival = accept(received);
                if (arrival.isPresent()) {
                    return arrival;
                }
            }
            return Optional.empty();
        } catch (RuntimeException failure) {
            end();
            throw failure;
        }
    }

    private Received receive() {
        try {
            // One descriptor more than allowed, so that the rule about it is the protocol's.
            return kernel.sockets().receive(socket, bytes.clear().limit(protocol.missing()), 2);
        } catch (SystemCallException failure) {
            // The server closed with something of ours unread; that is nothing but an end.
            if (failure.is(Errno.ECONNRESET)) {
                return new Received(0, List.of(), false);
            }
            throw failure;
        }
    }

    private Optional<Arrival> accept(Received received) {
        if (received.isCut()) {
            throw new IvshmemProtocolException(Violation.DESCRIPTOR_SURPLUS,
                    "several descriptors with one message, or more than this process may have open");
        }
        if (received.isEnd()) {
            end();
            protocol.end();
            return Optional.empty();
        }
        Optional<Arrival> arrival = protocol.receive(bytes.flip(), received.descriptors());
        arrival.ifPresent(this::requireEventfd);
        return arrival;
    }

    private void requireEventfd(Arrival arrival) {
        int descriptor;
        if (arrival instanceof Arrival.OwnVector own) {
            descriptor = own.descriptor();
        } else if (arrival instanceof Arrival.PeerVector other) {
            descriptor = other.descriptor();
        } else {
            return;
        }
        try {
            if (!kernel.isEventfd(descriptor)) {
                throw new IvshmemProtocolException(Violation.NOT_AN_EVENTFD, "no eventfd for " + arrival);
            }
            kernel.sockets().setNonBlocking(descriptor);
        } catch (RuntimeException failure) {
            kernel.calls().close(descriptor);
            throw failure;
        }
    }

    /** The socket stays open until {@link #close}: another thread may be about to poll it. */
    private void end() {
        open = false;
        kernel.closeAll(protocol.unclaimed());
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            end();
            kernel.calls().close(socket);
        }
    }
}
