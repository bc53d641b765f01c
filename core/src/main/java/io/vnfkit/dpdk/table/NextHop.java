package io.vnfkit.dpdk.table;

import io.vnfkit.unit.MacAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a route leads.
 *
 * <p>Immutable and thread-safe.
 *
 * @param output which of the outputs of the task, from 0; a table may serve several tasks, each with its own outputs
 * @param destination MAC address of the neighbour
 * @param source MAC address that the frame comes from, that of the output port as a rule
 * @param tunnel of the upstream function of a BNG: how to get to the core router
 */
public record NextHop(int output, MacAddress destination, MacAddress source, Optional<CoreTunnel> tunnel) {

    private static final int MAX_OUTPUTS = 16;

    /**
     * Checks the output.
     *
     * @throws IllegalArgumentException if no task can have so many outputs
     */
    public NextHop {
        if (output < 0 || output >= MAX_OUTPUTS) {
            throw new IllegalArgumentException("a task has outputs 0 to " + (MAX_OUTPUTS - 1) + ", not " + output);
        }
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(tunnel, "tunnel");
    }

    /**
     * A neighbour on a link.
     *
     * @param output which of the outputs of the task, from 0
     * @param destination MAC address of the neighbour
     * @param source MAC address that the frame comes from
     * @return the next hop
     */
    public static NextHop via(int output, MacAddress destination, MacAddress source) {
        return new NextHop(output, destination, source, Optional.empty());
    }

    /**
     * The same neighbour, reached through a tunnel.
     *
     * @param tunnel the tunnel
     * @return the new next hop
     */
    public NextHop through(CoreTunnel tunnel) {
        return new NextHop(output, destination, source, Optional.of(tunnel));
    }
}
