package io.vnfkit.ivshmem.memif;

import java.time.Duration;
import java.util.Objects;

/**
 * What a client wants. Immutable; {@link #to} and a method for each value to change.
 *
 * @param socket where the server listens
 * @param id of the interface at the server
 * @param name what this side calls its end: at most 31 printable ASCII characters
 * @param secret what the server may ask for, at most 23 characters; empty for none
 * @param rings how many of what size
 * @param memory what they lie in
 * @param backoff when to connect again
 */
public record MemifClientSettings(MemifSocket socket, long id, String name, String secret, RingSettings rings,
        MemifMemory memory, Backoff backoff) {

    private static final Backoff DEFAULT_BACKOFF = Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(2));

    /** Checks the ranges. */
    public MemifClientSettings {
        Objects.requireNonNull(socket, "socket");
        FieldRange.require32("id", id);
        FixedText.requireName("name of an interface", name, MemifMessage.NAME_BYTES);
        FixedText.requireName("secret", secret, MemifMessage.SECRET_BYTES);
        Objects.requireNonNull(rings, "rings");
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(backoff, "backoff");
    }

    /**
     * A client with default rings on ordinary memory, without a secret, that connects again after 50 ms, then 100 ms and
     * so on up to 2 s.
     *
     * @param socket where the server listens
     * @param id of the interface there
     * @return the settings
     */
    public static MemifClientSettings to(MemifSocket socket, long id) {
        return new MemifClientSettings(socket, id, "vnfkit" + id, "", RingSettings.defaults(), new MemifMemory.Ordinary(),
                DEFAULT_BACKOFF);
    }

    /**
     * Changes the name.
     *
     * @param text what this side calls its end
     * @return new settings
     */
    public MemifClientSettings name(String text) {
        return new MemifClientSettings(socket, id, text, secret, rings, memory, backoff);
    }

    /**
     * Changes the secret.
     *
     * @param text what the server asks for
     * @return new settings
     */
    public MemifClientSettings secret(String text) {
        return new MemifClientSettings(socket, id, name, text, rings, memory, backoff);
    }

    /**
     * Changes the rings.
     *
     * @param settings how many of what size
     * @return new settings
     */
    public MemifClientSettings rings(RingSettings settings) {
        return new MemifClientSettings(socket, id, name, secret, settings, memory, backoff);
    }

    /**
     * Changes the memory.
     *
     * @param where what rings and buffers lie in
     * @return new settings
     */
    public MemifClientSettings memory(MemifMemory where) {
        return new MemifClientSettings(socket, id, name, secret, rings, where, backoff);
    }

    /**
     * Changes the back-off.
     *
     * @param when to connect again
     * @return new settings
     */
    public MemifClientSettings backoff(Backoff when) {
        return new MemifClientSettings(socket, id, name, secret, rings, memory, when);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "MemifClientSettings[socket=" + socket + ", id=" + id + ", name=" + name + ", secret="
                + (secret.isEmpty() ? "none" : "***") + ", rings=" + rings + ", memory=" + memory + "]";
    }
}
