package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.linux.UnixSocketCalls.Pair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The server's end of a connection, which sends what a test wants, right or wrong. */
final class ScriptedServer implements AutoCloseable {

    static final int SIZE = 64 << 10;

    private final Syscalls calls = Syscalls.host();
    private final UnixSocketCalls sockets = UnixSocketCalls.host();
    private final List<Integer> open = new ArrayList<>();
    private final Pair pair = sockets.pair(Kind.STREAM);
    private boolean ended;
    private boolean taken;

    /** The client's end, which the client closes from now on. */
    int clientEnd() {
        taken = true;
        return pair.right();
    }

    int keep(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    int eventfd() {
        return keep(sockets.eventfd());
    }

    int memfd(long size) {
        int memfd = keep(SharedMemoryCalls.host().memfd("vnfkit-scripted"));
        calls.ftruncate(memfd, size);
        return memfd;
    }

    ScriptedServer send(long value, int... descriptors) {
        return sendBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value), descriptors);
    }

    ScriptedServer sendBytes(ByteBuffer bytes, int... descriptors) {
        if (!sockets.send(pair.left(), bytes, descriptors)) {
            throw new AssertionError("the socket is full");
        }
        return this;
    }

    /** Version, the id 5, memory. */
    ScriptedServer greet() {
        return send(0).send(5).send(-1, memfd(SIZE));
    }

    void end() {
        ended = true;
        calls.close(pair.left());
    }

    @Override
    public void close() {
        open.forEach(calls::close);
        if (!ended) {
            end();
        }
        if (!taken) {
            calls.close(pair.right());
        }
    }
}
