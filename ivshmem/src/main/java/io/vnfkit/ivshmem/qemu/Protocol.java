package io.vnfkit.ivshmem.qemu;

/** Numbers of the protocol between an ivshmem server and its clients (QEMU, docs/specs/ivshmem-spec). */
final class Protocol {

    /** Every message is one signed integer of 64 bits, little endian. */
    static final int MESSAGE_SIZE = Long.BYTES;

    static final long VERSION = 0;

    /**
     * Sent in place of the version to whom is turned away; every client takes it for a version that it does not know.
     * QEMU (7.2) does not notice the end of a connection while it waits for the version: it would spin for ever.
     */
    static final long REFUSED = -2;

    /** Stands for the shared memory instead of a peer. */
    static final long MEMORY = -1;

    static final int MAX_ID = 65_535;

    /**
     * The doorbell register has room for 16 bits, but QEMU looks at 8 of them where KVM does not deliver the write to
     * an eventfd by itself.
     */
    static final int MAX_VECTORS = 256;

    private Protocol() {}

    static int requireVectors(int vectors) {
        if (vectors < 1 || vectors > MAX_VECTORS) {
            throw new IllegalArgumentException("a peer has 1 to " + MAX_VECTORS + " vectors, not " + vectors);
        }
        return vectors;
    }
}
