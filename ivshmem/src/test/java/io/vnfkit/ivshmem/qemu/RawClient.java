package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.linux.UnixSocketCalls.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client that shows what a server sends, message by message, and closes descriptors at once. */
final class RawClient implements AutoCloseable {

    private final UnixSocketCalls sockets = UnixSocketCalls.host();
    private final int socket = sockets.socket(Kind.STREAM);
    private final List<Integer> descriptors = new ArrayList<>();

    RawClient(Path server) {
        sockets.connect(socket, server.toString());
    }

    /** The next message, such as "3" or "3+fd"; "end" at the end. */
    String next() {
        sockets.poll(Duration.ofSeconds(30), List.of(new Interest(socket, false)));
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        Received received = sockets.receive(socket, bytes, 8);
        if (received.isEmpty()) {
            throw new AssertionError("the server sends nothing for 30 s");
        }
        if (received.isEnd()) {
            return "end";
        }
        descriptors.addAll(received.descriptors());
        return bytes.getLong(0) + "+fd".repeat(received.descriptors().size());
    }

    List<String> next(int count) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(next());
        }
        return messages;
    }

    /** The messages that are here. */
    List<String> takeAll() {
        List<String> messages = new ArrayList<>();
        while (!sockets.poll(Duration.ZERO, List.of(new Interest(socket, false))).isEmpty()) {
            messages.add(next());
        }
        return messages;
    }

    void send(byte... bytes) {
        sockets.send(socket, ByteBuffer.wrap(bytes));
    }

    void send(byte[] bytes, int descriptor) {
        sockets.send(socket, ByteBuffer.wrap(bytes), descriptor);
    }

    @Override
    public void close() {
        Syscalls.host().close(socket);
        descriptors.forEach(Syscalls.host()::close);
    }
}
