package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Received;
import java.nio.ByteBuffer;
import java.util.List;

/** Whole messages over one connected socket, each with one descriptor or none. */
final class ControlChannel implements AutoCloseable {

    private final UnixSocketCalls sockets;
    private final Syscalls kernel;
    private final int socket;

    ControlChannel(UnixSocketCalls sockets, Syscalls kernel, int socket) {
        this.sockets = sockets;
        this.kernel = kernel;
        this.socket = socket;
    }

    int descriptor() {
        return socket;
    }

    void send(MemifMessage message, int... descriptors) {
        // Each side has at most a few messages on the way, which fit into any buffer.
        if (!sockets.send(socket, MessageCodec.encode(message), descriptors)) {
            throw new MemifProtocolException("the other side reads nothing from the socket");
        }
    }

    /** The last words to a side that may have gone. */
    void sendIfPossible(MemifMessage message) {
        try {
            sockets.send(socket, MessageCodec.encode(message));
        } catch (SystemCallException gone) {
            // Whoever closes says why the link ended; that nobody hears it changes nothing.
            return;
        }
    }

    /**
     * Takes what came.
     *
     * @return the message; {@link Incoming#NOTHING} if there is none yet
     * @throws MemifProtocolException if it is not a message of memif with at most one descriptor
     */
    Incoming receive() {
        ByteBuffer bytes = ByteBuffer.allocate(MessageCodec.BYTES);
        Received received;
        try {
            received = sockets.receive(socket, bytes, 1);
        } catch (SystemCallException failure) {
            // It closed with something unread.
            if (failure.is(Errno.ECONNRESET)) {
                return Incoming.END;
            }
            throw failure;
        }
        if (received.isEmpty()) {
            return Incoming.NOTHING;
        }
        if (received.isCut()) {
            throw new MemifProtocolException("a message with more than " + MessageCodec.BYTES
                    + " bytes or one descriptor came");
        }
        List<Integer> descriptors = received.descriptors();
        if (received.isEnd()) {
            descriptors.forEach(kernel::close);
            return Incoming.END;
        }
        HeldDescriptor held = new HeldDescriptor(kernel, descriptors.isEmpty() ? -1 : descriptors.get(0));
        try {
            return new Incoming(MessageCodec.decode(bytes.flip()), held);
        } catch (MemifProtocolException failure) {
            held.close();
            throw failure;
        }
    }

    /** What came: no message at the end. */
    record Incoming(MemifMessage message, HeldDescriptor descriptor) {
        static final Incoming NOTHING = new Incoming(null, null);
        static final Incoming END = new Incoming(null, null);
    }

    @Override
    public void close() {
        kernel.close(socket);
    }
}
