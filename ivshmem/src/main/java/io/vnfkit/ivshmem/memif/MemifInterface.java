package io.vnfkit.ivshmem.memif;

import java.util.Objects;

/**
 * One interface that a server offers: a client asks for it by its id, and one client has it at a time. Immutable;
 * {@link #of} and a method for each value to change.
 *
 * @param id what clients ask for, 0 to 2^32 - 1
 * @param name what the server calls its end: at most 31 printable ASCII characters
 * @param secret what clients must know, at most 23 characters; empty for none. It travels in the clear over the socket,
 *     whose file permissions are the stronger protection
 * @param maxRings most rings each way, 1 to 256
 * @param maxLog2Size largest ring, as a logarithm: 1 to 14
 * @param maxMemory most bytes of all regions of a client
 * @param cacheLine what rings are laid out for
 * @param acceptsUnsealed whether memory is taken that its owner can make shorter. DPDK seals what its driver makes, but
 *     not the hugepages of {@code zero-copy=yes}. If such a file is made shorter, the thread that accesses it gets an
 *     {@link InternalError}, at the access or later, native code gets SIGBUS, and the next poll of the server ends the link
 */
public record MemifInterface(long id, String name, String secret, int maxRings, int maxLog2Size, long maxMemory,
        CacheLine cacheLine, boolean acceptsUnsealed) {

    private static final long DEFAULT_MEMORY = 16L << 30;

    /** Checks the ranges. */
    public MemifInterface {
        FieldRange.require32("id", id);
        FixedText.requireName("name of an interface", name, MemifMessage.NAME_BYTES);
        FixedText.requireName("secret", secret, MemifMessage.SECRET_BYTES);
        if (maxRings < 1 || maxRings > 256) {
            throw new IllegalArgumentException("an interface takes 1 to 256 rings each way, not " + maxRings);
        }
        if (maxLog2Size < 1 || maxLog2Size > RingFields.HIGHEST_LOG2) {
            throw new IllegalArgumentException("a ring of memif has 2^1 to 2^" + RingFields.HIGHEST_LOG2
                    + " descriptors, not 2^" + maxLog2Size);
        }
        if (maxMemory < 1) {
            throw new IllegalArgumentException("a client has at least one byte of memory, not " + maxMemory);
        }
        Objects.requireNonNull(cacheLine, "cacheLine");
    }

    /**
     * An interface for any client: no secret, up to 256 rings of 2^14 descriptors each way, 16 GiB of sealed memory.
     *
     * @param id what clients ask for
     * @return the interface
     */
    public static MemifInterface of(long id) {
        return new MemifInterface(id, "vnfkit" + id, "", 256, RingFields.HIGHEST_LOG2, DEFAULT_MEMORY,
                CacheLine.BYTES_64, false);
    }

    /**
     * Changes the name.
     *
     * @param text what the server calls its end
     * @return a new interface
     */
    public MemifInterface name(String text) {
        return new MemifInterface(id, text, secret, maxRings, maxLog2Size, maxMemory, cacheLine, acceptsUnsealed);
    }

    /**
     * Changes the secret.
     *
     * @param text what clients must know
     * @return a new interface
     */
    public MemifInterface secret(String text) {
        return new MemifInterface(id, name, text, maxRings, maxLog2Size, maxMemory, cacheLine, acceptsUnsealed);
    }

    /**
     * Changes the limits of a client.
     *
     * @param rings most rings each way
     * @param log2Size largest ring, as a logarithm
     * @param memory most bytes of all regions
     * @return a new interface
     */
    public MemifInterface limits(int rings, int log2Size, long memory) {
        return new MemifInterface(id, name, secret, rings, log2Size, memory, cacheLine, acceptsUnsealed);
    }

    /**
     * Changes the cache line.
     *
     * @param line what rings are laid out for
     * @return a new interface
     */
    public MemifInterface cacheLine(CacheLine line) {
        return new MemifInterface(id, name, secret, maxRings, maxLog2Size, maxMemory, line, acceptsUnsealed);
    }

    /**
     * Takes memory that its owner can make shorter, too.
     *
     * @return a new interface
     */
    public MemifInterface acceptUnsealed() {
        return new MemifInterface(id, name, secret, maxRings, maxLog2Size, maxMemory, cacheLine, true);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "MemifInterface[id=" + id + ", name=" + name + ", secret=" + (secret.isEmpty() ? "none" : "***")
                + ", maxRings=" + maxRings + ", maxLog2Size=" + maxLog2Size + ", maxMemory=" + maxMemory + ", cacheLine="
                + cacheLine + ", acceptsUnsealed=" + acceptsUnsealed + "]";
    }
}
