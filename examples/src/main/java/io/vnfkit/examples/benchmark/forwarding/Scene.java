package io.vnfkit.examples.benchmark.forwarding;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What vnfkit forwards; as text, an argument of {@link ForwarderMain}.
 *
 * @param kind which function, on which ports
 * @param burst how many packets at once
 * @param entries routes or subscribers, where the function has a table
 * @param frame bytes of a packet that a generator makes, with the four of its check sequence
 * @param file of the ports: packets that they give again and again, or the socket of their memif links, or the region of
 *     their channels; empty otherwise
 */
record Scene(Kind kind, int burst, int entries, int frame, String file) {

    static final int BURST = 32;

    /** Functions on ports. */
    enum Kind {
        /** none between two null devices. */
        NONE,
        /** The same, and the lcore measures its longest gap. */
        WATCHED,
        /** none between two null devices of two queues each, which one lcore polls. */
        ONE_LCORE,
        /** The same, and each queue has an lcore of its own. */
        TWO_LCORES,
        /** l2fwd between two null devices: both addresses set. */
        MAC,
        /** l2fwd between two null devices: addresses swapped. */
        MACSWAP,
        /** none between two devices that give back what was sent. */
        LOOP,
        /** none between two memif links. */
        MEMIF,
        /** The other ends of the two memif links: a generator that fills both and a sink that empties both. */
        TRAFFIC,
        /** none between two pairs of packet channels in a region. */
        REGION,
        /** The other sides of the channels, as {@link #TRAFFIC} is of memif links. */
        REGION_TRAFFIC,
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
        return new Scene(kind, BURST, 0, ScenePorts.FRAME, "");
    }

    Scene burst(int packets) {
        return new Scene(kind, packets, entries, frame, file);
    }

    Scene entries(int count, Object packets) {
        return new Scene(kind, burst, count, frame, packets.toString());
    }

    /** The same over another socket or region. */
    Scene file(Path path) {
        return new Scene(kind, burst, entries, frame, path.toString());
    }

    Scene frame(int bytes) {
        return new Scene(kind, burst, entries, bytes, file);
    }

    boolean isOverRegion() {
        return kind == Kind.REGION || kind == Kind.REGION_TRAFFIC;
    }

    /** Whether it makes packets that another process forwards. */
    boolean isTraffic() {
        return kind == Kind.TRAFFIC || kind == Kind.REGION_TRAFFIC;
    }

    /** How many lcores forward. */
    int lcores() {
        return kind == Kind.TWO_LCORES ? 2 : 1;
    }

    static Scene parse(String text) {
        String[] parts = text.split(":", 5);
        return new Scene(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), parts[4]);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + burst + ":" + entries + ":" + frame + ":" + file;
    }
}
