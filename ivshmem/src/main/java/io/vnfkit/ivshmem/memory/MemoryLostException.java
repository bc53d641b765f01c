package io.vnfkit.ivshmem.memory;

import io.vnfkit.VnfkitException;

/**
 * A page of a shared mapping has gone: another process made the file shorter or punched a hole, or the fault limit of
 * the control group was reached. What was read in the same call is worth nothing, and the mapping is to be closed.
 */
public final class MemoryLostException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param fault what the JVM made of a SIGBUS; null if there was none, or it has not come yet
     */
    public MemoryLostException(InternalError fault) {
        super("a page of the shared memory has gone: its file was made shorter, or no hugepage could be had for it;"
                + " close it, and attach again what took its place", fault);
    }
}
