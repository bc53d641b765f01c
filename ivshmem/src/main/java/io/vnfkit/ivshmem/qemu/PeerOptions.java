package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.unit.Bytes;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * What a peer expects of its server. Immutable: every method returns a new value.
 *
 * @param vectors how many vectors of its own it waits for before it is connected
 * @param maxVectors how many any peer may have, it itself included
 * @param maxPeers how many other peers there may be; each costs a descriptor for each of its vectors
 * @param maxMemory how large the shared memory may be
 * @param seals seals that the shared memory has to have
 * @param timeout how long connecting may take
 */
public record PeerOptions(
        int vectors, int maxVectors, int maxPeers, Bytes maxMemory, Set<Seal> seals, Duration timeout) {

    private static final PeerOptions DEFAULTS = new PeerOptions(1, Protocol.MAX_VECTORS, 1024, Bytes.gibibytes(16),
            Set.of(), Duration.ofSeconds(10));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public PeerOptions {
        if (vectors < 0 || vectors > maxVectors || maxVectors > Protocol.MAX_VECTORS) {
            throw new IllegalArgumentException(vectors + " vectors are no number from 0 to the largest allowed, "
                    + maxVectors + ", which is at most " + Protocol.MAX_VECTORS);
        }
        if (maxPeers < 0 || maxPeers > Protocol.MAX_ID) {
            throw new IllegalArgumentException("other peers are 0 to " + Protocol.MAX_ID + ", not " + maxPeers);
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a negative time to connect in: " + timeout);
        }
        Objects.requireNonNull(maxMemory, "maxMemory");
        seals = Set.copyOf(seals);
    }

    /**
     * A number of vectors; 256 at most for others, 1024 other peers, 16 GiB, no seals asked for, 10 seconds.
     *
     * @param vectors how many vectors of its own it waits for; more may come
     * @return the options
     */
    public static PeerOptions vectors(int vectors) {
        return new PeerOptions(vectors, DEFAULTS.maxVectors, DEFAULTS.maxPeers, DEFAULTS.maxMemory, DEFAULTS.seals,
                DEFAULTS.timeout);
    }

    /**
     * Limits the vectors of each peer.
     *
     * @param limit at most 256
     * @return the new options
     */
    public PeerOptions maxVectors(int limit) {
        return new PeerOptions(vectors, limit, maxPeers, maxMemory, seals, timeout);
    }

    /**
     * Limits the number of other peers.
     *
     * @param limit at most 65535
     * @return the new options
     */
    public PeerOptions maxPeers(int limit) {
        return new PeerOptions(vectors, maxVectors, limit, maxMemory, seals, timeout);
    }

    /**
     * Limits the shared memory.
     *
     * @param limit its largest size
     * @return the new options
     */
    public PeerOptions maxMemory(Bytes limit) {
        return new PeerOptions(vectors, maxVectors, maxPeers, limit, seals, timeout);
    }

    /**
     * Asks for seals of the memory: with {@link Seal#SHRINK} no other peer can make this one fault.
     *
     * @param required the seals
     * @return the new options
     */
    public PeerOptions requireSeals(Seal... required) {
        return new PeerOptions(vectors, maxVectors, maxPeers, maxMemory, Set.of(required), timeout);
    }

    /**
     * Limits the time that connecting takes.
     *
     * @param limit how long at most
     * @return the new options
     */
    public PeerOptions timeout(Duration limit) {
        return new PeerOptions(vectors, maxVectors, maxPeers, maxMemory, seals, limit);
    }
}
