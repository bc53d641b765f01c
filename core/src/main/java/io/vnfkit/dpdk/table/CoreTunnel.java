package io.vnfkit.dpdk.table;

import java.net.Inet4Address;
import java.util.Objects;

/**
 * A tunnel of GRE over IPv4 between a BNG and a router of the core. The key of each packet is that of its subscriber.
 *
 * @param local address of the BNG
 * @param remote address of the router
 * @param label MPLS label in front, where the function uses labels: 16 to 1048575 (lower ones are reserved, RFC 3032)
 */
public record CoreTunnel(Inet4Address local, Inet4Address remote, int label) {

    private static final int LOWEST_LABEL = 16;
    private static final int HIGHEST_LABEL = 0xfffff;

    /**
     * Checks the label.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public CoreTunnel {
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
        if (label < LOWEST_LABEL || label > HIGHEST_LABEL) {
            throw new IllegalArgumentException(
                    "an MPLS label is " + LOWEST_LABEL + " to " + HIGHEST_LABEL + ", not " + label);
        }
    }
}
