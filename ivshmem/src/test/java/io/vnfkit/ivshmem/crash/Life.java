package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.access.Killed;
import java.nio.ByteBuffer;

/**
 * An object that is shared, those who use it, and what each may expect. One of them, the victim, ends at some store;
 * every time it is started it is a new process that takes over from the last one.
 */
public interface Life extends AutoCloseable {

    /** The whole region. */
    ByteBuffer memory();

    /** What the others do before a victim takes over, if that is needed. */
    default void prepare() {}

    /** Takes a side over and works. Ends with {@link Killed} in the middle, or by itself. */
    void victim();

    /** What the end of a process does: its region is detached, its locks are given up, and nothing is stored. */
    void bury();

    /** The others look at what is there; an AssertionError where it is not what was promised. */
    void survivors();

    /** A last one takes over and lives; everything has to work. */
    void finish();

    @Override
    void close();
}
