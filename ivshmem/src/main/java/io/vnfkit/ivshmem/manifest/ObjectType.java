package io.vnfkit.ivshmem.manifest;

import java.util.Optional;
import java.util.stream.Stream;

/** Kinds of objects in a region. The codes are part of the layout and never change. */
public enum ObjectType {
    /** Memory without a structure that vnfkit knows. */
    ZONE(1),
    /** A ring with one producer and one consumer, bit for bit an rte_ring of DPDK. */
    RING(2),
    /** Buffers that belong to one side, and the ring over which they come back to it. */
    BUFFER_POOL(3),
    /** Packets in one direction: a ring of descriptors and the pool of buffers that they point to. */
    PACKET_CHANNEL(4),
    /** Messages of bytes from one producer to one consumer. */
    MESSAGE_RING(5),
    /** Messages from one writer to any number of readers, which may miss some. */
    BROADCAST(6),
    /** Keys and values, for configuration and statistics. */
    TABLE(7);

    private final int code;

    ObjectType(int code) {
        this.code = code;
    }

    /**
     * Its number in the directory.
     *
     * @return the code
     */
    public int code() {
        return code;
    }

    /**
     * The type that a number stands for.
     *
     * @param code a number in a directory
     * @return the type; empty for a number that this version does not know
     */
    public static Optional<ObjectType> of(int code) {
        return Stream.of(values()).filter(type -> type.code == code).findFirst();
    }
}
