package io.vnfkit.ivshmem.access;

/** The process has ended here. An Error, so that nothing in it goes on. */
public final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
