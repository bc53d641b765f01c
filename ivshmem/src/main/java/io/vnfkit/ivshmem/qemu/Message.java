package io.vnfkit.ivshmem.qemu;

/** A message to a client: a number, and a descriptor or {@link #NO_DESCRIPTOR}. */
record Message(long value, int descriptor) {

    static final int NO_DESCRIPTOR = -1;

    static Message plain(long value) {
        return new Message(value, NO_DESCRIPTOR);
    }

    boolean hasDescriptor() {
        return descriptor != NO_DESCRIPTOR;
    }
}
