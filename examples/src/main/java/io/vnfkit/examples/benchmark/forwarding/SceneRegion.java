package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDescription;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.List;

/** The region of a scene: two channels to the forwarder and two back, each as long as a ring of memif is here. */
final class SceneRegion implements AutoCloseable {

    private static final Bytes SIZE = Bytes.mebibytes(16);
    private static final int BUFFER = 2048;
    private static final int BUFFERS = 1023;
    private static final List<String> TO_FORWARDER = List.of("left-in", "right-in");
    /** What comes in on the left leaves on the right. */
    private static final List<String> FROM_FORWARDER = List.of("right-out", "left-out");

    private final Region region;
    private final boolean isTraffic;

    private SceneRegion(Region region, boolean isTraffic) {
        this.region = region;
        this.isTraffic = isTraffic;
    }

    /** A region on hugepages with the channels, which stays as long as it is not closed. */
    static Region make() {
        return make(RegionDescription.of("benchmark", SIZE));
    }

    static Region makeOnOrdinaryPages() {
        return make(RegionDescription.of("benchmark", SIZE).ordinaryPages());
    }

    private static Region make(RegionDescription description) {
        Region region = Region.createSealed(description, Access.READ_WRITE);
        TO_FORWARDER.forEach(name -> PacketChannel.create(region, name, BUFFER, BUFFERS, "benchmark"));
        FROM_FORWARDER.forEach(name -> PacketChannel.create(region, name, BUFFER, BUFFERS, "benchmark"));
        return region;
    }

    static SceneRegion attach(Scene scene) {
        return new SceneRegion(Region.attach(Path.of(scene.file()), Access.READ_WRITE), scene.isTraffic());
    }

    private List<String> received() {
        return isTraffic ? FROM_FORWARDER : TO_FORWARDER;
    }

    private List<String> sent() {
        return isTraffic ? TO_FORWARDER : FROM_FORWARDER;
    }

    Forwarding describe() {
        Forwarding forwarding = Forwarding.of();
        for (String name : received()) {
            forwarding = forwarding.channel(name, PacketChannel.open(region, name).forwardingReceiver());
        }
        for (String name : sent()) {
            forwarding = forwarding.channel(name, PacketChannel.open(region, name).forwardingSender());
        }
        return forwarding;
    }

    Endpoint[] inputs() {
        return endpoints(received());
    }

    Endpoint[] outputs() {
        return endpoints(sent());
    }

    private static Endpoint[] endpoints(List<String> channels) {
        return channels.stream().map(Endpoint::channel).toArray(Endpoint[]::new);
    }

    @Override
    public void close() {
        region.close();
    }
}
