package io.vnfkit.ivshmem.memif;

import java.util.Objects;

/**
 * What a client makes of its memory. Immutable; {@link #defaults} and a method for each value to change.
 *
 * <p>A server on DPDK copies what it receives into a buffer of its own without looking whether it fits: no packet, and so
 * no buffer here, should be longer than the {@code bsize} of its device and the room of its mbufs (2048 unless it was
 * asked for more). It also insists on as many rings as it has queues.
 *
 * @param clientToServer number of rings that the client sends on, 0 to 256
 * @param serverToClient number of rings that the server sends on, 0 to 256
 * @param log2Size descriptors of each ring, as a logarithm: 1 to 14
 * @param bufferSize bytes of the buffer behind each descriptor: a multiple of 64 up to 65472
 * @param cacheLine what the rings are laid out for
 */
public record RingSettings(int clientToServer, int serverToClient, int log2Size, int bufferSize, CacheLine cacheLine) {

    private static final int HIGHEST_COUNT = 256;
    private static final int BUFFER_UNIT = 64;
    /** DPDK holds lengths in 16 bits. */
    private static final int HIGHEST_BUFFER = 65536 - BUFFER_UNIT;

    /** Checks the ranges. */
    public RingSettings {
        requireCount(clientToServer);
        requireCount(serverToClient);
        if (log2Size < 1 || log2Size > RingFields.HIGHEST_LOG2) {
            throw new IllegalArgumentException("a ring of memif has 2^1 to 2^" + RingFields.HIGHEST_LOG2
                    + " descriptors, not 2^" + log2Size);
        }
        if (bufferSize < BUFFER_UNIT || bufferSize > HIGHEST_BUFFER || bufferSize % BUFFER_UNIT != 0) {
            throw new IllegalArgumentException("a buffer has " + BUFFER_UNIT + " to " + HIGHEST_BUFFER
                    + " bytes, in multiples of " + BUFFER_UNIT + ", not " + bufferSize);
        }
        Objects.requireNonNull(cacheLine, "cacheLine");
    }

    private static void requireCount(int rings) {
        if (rings < 0 || rings > HIGHEST_COUNT) {
            throw new IllegalArgumentException("a link has 0 to " + HIGHEST_COUNT + " rings each way, not " + rings);
        }
    }

    /**
     * One ring each way, 1024 descriptors, buffers of 2048 bytes, cache lines of 64: DPDK's defaults.
     *
     * @return the settings
     */
    public static RingSettings defaults() {
        return new RingSettings(1, 1, 10, 2048, CacheLine.BYTES_64);
    }

    /**
     * Changes the number of rings.
     *
     * @param toServer rings that the client sends on
     * @param toClient rings that the server sends on
     * @return new settings
     */
    public RingSettings rings(int toServer, int toClient) {
        return new RingSettings(toServer, toClient, log2Size, bufferSize, cacheLine);
    }

    /**
     * Changes the number of descriptors.
     *
     * @param log2 as a logarithm
     * @return new settings
     */
    public RingSettings log2Size(int log2) {
        return new RingSettings(clientToServer, serverToClient, log2, bufferSize, cacheLine);
    }

    /**
     * Changes the length of the buffers.
     *
     * @param bytes of each
     * @return new settings
     */
    public RingSettings bufferSize(int bytes) {
        return new RingSettings(clientToServer, serverToClient, log2Size, bytes, cacheLine);
    }

    /**
     * Changes the cache line.
     *
     * @param line what the rings are laid out for
     * @return new settings
     */
    public RingSettings cacheLine(CacheLine line) {
        return new RingSettings(clientToServer, serverToClient, log2Size, bufferSize, line);
    }

    int count(Direction direction) {
        return direction == Direction.CLIENT_TO_SERVER ? clientToServer : serverToClient;
    }

    /** As many and as large as both sides can. */
    RingSettings within(MemifMessage.Hello hello) {
        return new RingSettings(Math.min(clientToServer, hello.highestClientToServer() + 1),
                Math.min(serverToClient, hello.highestServerToClient() + 1), Math.min(log2Size, hello.highestLog2()),
                bufferSize, cacheLine);
    }

    /**
     * How much memory a client with these settings needs.
     *
     * @return bytes
     */
    public long memory() {
        return MemoryLayout.bytes(this);
    }
}
