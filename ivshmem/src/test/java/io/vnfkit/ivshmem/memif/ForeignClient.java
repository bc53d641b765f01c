package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.ControlChannel.Incoming;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.UnixSocketCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A client that says and writes whatever a test wants, wrong or right. */
final class ForeignClient implements AutoCloseable {

    static final int REGION = 256 << 10;
    static final int RING_LOG2 = 4;
    static final int RING_SIZE = 1 << RING_LOG2;
    static final int TO_SERVER_AT = 0;
    static final int TO_CLIENT_AT = 4096;
    static final int BUFFERS_AT = 8192;
    static final int BUFFER = 2048;

    final Kernel kernel = Kernel.host();
    final MemifServer server;
    final ControlChannel channel;
    final int file;
    final MappedMemory mapping;
    final ByteBuffer memory;
    private final int event;
    private boolean isFileOpen = true;

    ForeignClient(MemifServer server, MemifSocket socket, Set<Seal> seals, long fileSize) {
        this.server = server;
        int descriptor = kernel.sockets().socket(UnixSocketCalls.Kind.SEQPACKET);
        kernel.sockets().connect(descriptor, socket.name());
        channel = new ControlChannel(kernel.sockets(), kernel.files(), descriptor);
        file = kernel.memory().memfd("foreign");
        kernel.files().ftruncate(file, fileSize);
        if (!seals.isEmpty()) {
            kernel.memory().addSeals(file, seals);
        }
        mapping = MappedMemory.map(kernel.memory(), file, REGION, Access.READ_WRITE);
        memory = mapping.window(0, REGION);
        event = kernel.sockets().eventfd();
    }

    static ForeignClient to(MemifServer server, MemifSocket socket) {
        return new ForeignClient(server, socket, EnumSet.of(Seal.SHRINK), REGION);
    }

    /** What the server answers. */
    MemifMessage hear() {
        long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            server.poll(Duration.ZERO);
            Incoming incoming = channel.receive();
            if (incoming == Incoming.END) {
                throw new AssertionError("the server closed");
            }
            if (incoming.message() != null) {
                return incoming.message();
            }
        }
        throw new AssertionError("the server said nothing");
    }

    MemifMessage say(MemifMessage message, int... descriptors) {
        channel.send(message, descriptors);
        return hear();
    }

    void greet(long id) {
        hear();
        say(new Init(MemifMessage.VERSION, id, Init.ETHERNET, "", "foreign"));
    }

    MemifMessage addRegion(long size) {
        return say(new AddRegion(0, size), file);
    }

    MemifMessage addRing(AddRing ring) {
        return say(ring, event);
    }

    /** Everything right, with one ring each way and the buffers of both rings posted. */
    MemifLink connect(long id) {
        greet(id);
        addRegion(REGION);
        addRing(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, TO_SERVER_AT, RING_LOG2, 0));
        addRing(new AddRing(Direction.SERVER_TO_CLIENT, 0, 0, TO_CLIENT_AT, RING_LOG2, 0));
        memory.putInt(TO_SERVER_AT, RingFields.COOKIE);
        memory.putInt(TO_CLIENT_AT, RingFields.COOKIE);
        say(new Connect("foreign0"));
        server.poll(Duration.ZERO);
        for (int i = 0; i < RING_SIZE; i++) {
            describe(TO_SERVER_AT, i, 0, 0, 100, BUFFERS_AT + i * BUFFER);
            describe(TO_CLIENT_AT, i, 0, 0, BUFFER, BUFFERS_AT + (RING_SIZE + i) * BUFFER);
        }
        return server.link(id).orElseThrow();
    }

    void describe(int ring, int slot, int flags, int region, int length, long offset) {
        int at = ring + CacheLine.BYTES_64.descriptorsAt() + slot * RingFields.DESCRIPTOR_BYTES;
        memory.putLong(at, RingFields.word(flags, region, length));
        memory.putLong(at + RingFields.OFFSET_AT, offset);
    }

    void head(int ring, int value) {
        memory.putShort(ring + RingFields.HEAD_AT, (short) value);
    }

    int tail(int ring) {
        return memory.getShort(ring + CacheLine.BYTES_64.tailAt()) & 0xffff;
    }

    void closeFile() {
        kernel.files().close(file);
        isFileOpen = false;
    }

    @Override
    public void close() {
        channel.close();
        mapping.close();
        if (isFileOpen) {
            kernel.files().close(file);
        }
        kernel.files().close(event);
    }
}
