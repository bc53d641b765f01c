package io.vnfkit.ivshmem.order;

import java.nio.ByteBuffer;

/** Two sides of an object, which take turns; each has the region attached for itself. */
public interface Duel extends AutoCloseable {

    /** The whole region. */
    ByteBuffer memory();

    /** One turn of who writes. */
    void write();

    /** One turn of who reads; an AssertionError, or any exception, if it sees what it should not. */
    void read();

    /** Who reads has seen all that there is. */
    void finish();

    /** Where, in the region, the index lies by which who reads gives room back; -1 if it gives none. */
    default int roomAt() {
        return -1;
    }

    @Override
    void close();
}
