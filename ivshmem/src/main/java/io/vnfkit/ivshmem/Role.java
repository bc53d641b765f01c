package io.vnfkit.ivshmem;

/**
 * One side of an object, held by this process. Closing gives it up; so does the end of the process, whatever way.
 * Idempotent and thread-safe.
 */
public interface Role extends AutoCloseable {

    /** For memory that no region keeps: the other side always counts as present. */
    Role UNBOUND = new Role() {
        @Override
        public boolean isPeerPresent() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    };

    /**
     * Tells whether the other side is there: a system call, so not for every message.
     *
     * @return false if nobody has taken it, or who had has ended
     * @throws IllegalStateException if the region is detached
     */
    boolean isPeerPresent();

    /** Gives the side up. */
    @Override
    void close();
}
