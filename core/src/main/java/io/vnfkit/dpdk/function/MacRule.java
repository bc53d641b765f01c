package io.vnfkit.dpdk.function;

import io.vnfkit.unit.MacAddress;
import java.util.Objects;

/** What becomes of a MAC address in a packet. */
public sealed interface MacRule {

    /** It stays. */
    record Keep() implements MacRule {}

    /**
     * It becomes this one.
     *
     * @param address the new address
     */
    record Set(MacAddress address) implements MacRule {
        /** Checks that it is there. */
        public Set {
            Objects.requireNonNull(address, "address");
        }
    }

    /** It becomes the packet's other address; for both at once, they are swapped. */
    record Other() implements MacRule {}
}
