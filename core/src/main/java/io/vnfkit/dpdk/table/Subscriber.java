package io.vnfkit.dpdk.table;

import io.vnfkit.unit.MacAddress;
import java.util.Objects;

/**
 * A subscriber of a BNG, known by two VLAN tags on the access side and by a GRE key on the core side. Both are unique
 * in a table.
 *
 * @param outerTag VLAN id of the service, 0 to 4095
 * @param innerTag VLAN id of the customer, 0 to 4095
 * @param greKey key of the packets in the tunnels, any 32 bits
 * @param mac address of the customer's equipment
 * @param output which of the outputs of the downstream task, from 0
 */
public record Subscriber(int outerTag, int innerTag, int greKey, MacAddress mac, int output) {

    private static final int HIGHEST_TAG = 0xfff;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a tag has more than 12 bits or no task can have this output
     */
    public Subscriber {
        requireTag("outer", outerTag);
        requireTag("inner", innerTag);
        Objects.requireNonNull(mac, "mac");
        if (output < 0 || output > 15) {
            throw new IllegalArgumentException("a task has outputs 0 to 15, not " + output);
        }
    }

    private static void requireTag(String which, int tag) {
        if (tag < 0 || tag > HIGHEST_TAG) {
            throw new IllegalArgumentException("the " + which + " tag is 0 to " + HIGHEST_TAG + ", not " + tag);
        }
    }
}
