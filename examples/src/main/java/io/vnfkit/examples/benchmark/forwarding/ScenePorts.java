package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import java.nio.file.Path;

/** The two ports of a scene, and the mbufs that they need. */
record ScenePorts(Scene scene) {

    /** Bytes of a packet, as null devices give them. */
    static final int FRAME = 64;

    private static final String LEFT = "left";
    private static final String RIGHT = "right";
    private static final int MBUFS = 16384;
    private static final int MEMIF_RING_LOG2 = 10;

    /** Both ports, without a pool their mbufs would come from. */
    Forwarding describe() {
        int mbufs = isFromFile() ? 2 * PacketSets.LARGE + MBUFS : MBUFS;
        return Forwarding.of(port(LEFT, 0), port(RIGHT, 1)).pool(new Forwarding.Pool(mbufs, 256, 2048));
    }

    Endpoint left(int queue) {
        return Endpoint.port(LEFT, queue);
    }

    Endpoint right(int queue) {
        return Endpoint.port(RIGHT, queue);
    }

    /** Queues of each port. */
    int queues() {
        return switch (scene.kind()) {
            case ONE_LCORE, TWO_LCORES -> 2;
            default -> 1;
        };
    }

    private boolean isFromFile() {
        return switch (scene.kind()) {
            case L3FWD, L3FWD_CHECKSUM, BNG_UPSTREAM, BNG_DOWNSTREAM -> true;
            default -> false;
        };
    }

    private Port port(String name, int number) {
        return Port.of(name, device(number)).queues(queues(), queues());
    }

    private Device device(int number) {
        return switch (scene.kind()) {
            case L3FWD, L3FWD_CHECKSUM, BNG_UPSTREAM, BNG_DOWNSTREAM ->
                    new Device.Virtual("net_pcap" + number, "rx_pcap=" + scene.file() + ",infinite_rx=1");
            case LOOP -> new Device.Loop(number);
            case MEMIF -> forwarderEnd(number, Path.of(scene.file()));
            case TRAFFIC -> new Device.Memif(number, false, Path.of(scene.file()), number, MEMIF_RING_LOG2, false);
            default -> new Device.Null(number, FRAME, false);
        };
    }

    /** What a forwarder has of a memif link, vnfkit's and others alike. */
    static Device forwarderEnd(int number, Path socket) {
        return new Device.Memif(number, true, socket, number, MEMIF_RING_LOG2, false);
    }
}
