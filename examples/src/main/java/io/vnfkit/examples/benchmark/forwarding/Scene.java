package io.vnfkit.examples.benchmark.forwarding;

import java.util.Locale;

/**
 * What vnfkit forwards; as text, an argument of {@link ForwarderMain}.
 *
 * @param kind which function, on which ports
 * @param burst how many packets at once
 * @param entries routes or subscribers, where the function has a table
 * @param file packets that the ports give again and again, where they come from a file; empty otherwise
 */
record Scene(Kind kind, int burst, int entries, String file) {

    static final int BURST = 32;

    /** Functions on ports. */
    enum Kind {
        /** none between two null devices. */
        NONE,
        /** The same, and the lcore measures its longest gap. */
        WATCHED,
        /** l2fwd between two null devices: both addresses set. */
        MAC,
        /** l2fwd between two null devices: addresses swapped. */
        MACSWAP,
        /** none between two devices that give back what was sent. */
        LOOP,
        /** l3fwd without verifying checksums, as DPDK's l3fwd leaves that to ports. */
        L3FWD,
        /** l3fwd that verifies the checksum of every IPv4 header. */
        L3FWD_CHECKSUM,
        /** BNG, from subscribers to the core. */
        BNG_UPSTREAM,
        /** BNG, from the core to subscribers. */
        BNG_DOWNSTREAM
    }

    static Scene of(Kind kind) {
        return new Scene(kind, BURST, 0, "");
    }

    Scene burst(int packets) {
        return new Scene(kind, packets, entries, file);
    }

    Scene entries(int count, Object packets) {
        return new Scene(kind, burst, count, packets.toString());
    }

    static Scene parse(String text) {
        String[] parts = text.split(":", 4);
        return new Scene(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]), parts[3]);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + burst + ":" + entries + ":" + file;
    }
}
