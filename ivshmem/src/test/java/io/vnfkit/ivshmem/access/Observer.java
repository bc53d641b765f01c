package io.vnfkit.ivshmem.access;

import java.nio.ByteBuffer;

/** Stands in the place of the memory. */
public interface Observer {

    /**
     * A load.
     *
     * @param at where, from the start of the region
     * @param size 1, 2, 4 or 8 bytes
     * @param memory the buffer it is made through
     * @param index index there
     * @return what is loaded
     */
    default long load(int at, int size, Order order, ByteBuffer memory, int index) {
        return Accesses.rawLoad(memory, index, size);
    }

    /** A store, described like a load. */
    default void store(int at, int size, Order order, ByteBuffer memory, int index, long value) {
        Accesses.rawStore(memory, index, size, value);
    }

    /** A fence. */
    default void fence(Order order) {}
}
