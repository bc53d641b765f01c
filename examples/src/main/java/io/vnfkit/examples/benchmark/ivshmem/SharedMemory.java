package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDescription;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The memory of all contestants: a region, so that all have the same kind of pages. Agrona's rings lie in zones of it.
 */
final class SharedMemory implements AutoCloseable {

    private static final Bytes SIZE = Bytes.mebibytes(4);
    private static final Bytes MESSAGES = Bytes.kibibytes(256);
    private static final int ELEMENTS = 1023;
    private static final String OWNER = "benchmark";

    private final Region region;
    private int made;

    private SharedMemory(Region region) {
        this.region = region;
    }

    /** A region without a name in the file system. */
    static SharedMemory make(boolean ordinaryPages) {
        RegionDescription description = RegionDescription.of("benchmark", SIZE);
        return new SharedMemory(Region.createSealed(ordinaryPages ? description.ordinaryPages() : description,
                Access.READ_WRITE));
    }

    /** The same region, in another process. */
    static SharedMemory attach(Path file) {
        return new SharedMemory(Region.attach(file, Access.READ_WRITE));
    }

    /** Where other processes find it. */
    Path file() {
        return region.file();
    }

    private String name() {
        return "ring-" + made++;
    }

    /** Makes a ring of elements of 8 bytes. */
    String newRing() {
        return SharedRing.create(region, name(), ELEMENTS, OWNER).object().name();
    }

    /** Makes a ring of messages. */
    String newMessages() {
        return MessageRing.create(region, name(), MESSAGES, OWNER).object().name();
    }

    /** Makes one of Agrona's rings, as large as one of {@link #newMessages}. */
    String newAgrona() {
        Bytes size = Bytes.of(MESSAGES.value() + RingBufferDescriptor.TRAILER_LENGTH);
        return region.createZone(name(), size, OWNER).name();
    }

    SharedRing ring(String name) {
        return SharedRing.open(region, name);
    }

    /** Where a ring lies in the region, for a C program. */
    long offset(String ring) {
        return ring(ring).object().offset();
    }

    MessageRing messages(String name) {
        return MessageRing.open(region, name);
    }

    OneToOneRingBuffer agrona(String name) {
        return new OneToOneRingBuffer(new UnsafeBuffer(region.window(region.require(name, ObjectType.ZONE))));
    }

    @Override
    public void close() {
        region.close();
    }
}
