package io.vnfkit.examples.lab;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.port.PortInformation;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.unit.MacAddress;
import io.vnfkit.unit.PciAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * The forwarding core on a NIC, inside a VNF: sends numbered packets and takes what comes back.
 *
 * <p>Prints what the port says about itself and the counters, a line each.
 */
final class NicRoundTrip {

    static final int PACKETS = 300;

    private static final String NIC = "nic";
    private static final String SINK = "sink";

    private NicRoundTrip() {}

    public static void main(String[] arguments) throws IOException {
        NicProgram program = NicProgram.parse(arguments);
        try (Eal eal = Eal.start(program.eal());
                ForwardingCore core = ForwardingCore.start(eal, describe(program.nic(), eal.lcores()))) {
            long mbufs = core.availableMbufs();
            NicProgram.await("link", () -> core.port(NIC).information().link().isUp());
            core.startTasks();
            NicProgram.await("packets", () -> core.task(SINK).statistics().received() >= PACKETS);
            core.stopTasks();
            print(core, mbufs);
        }
    }

    private static Forwarding describe(PciAddress address, List<Integer> lcores) throws IOException {
        int lcore = lcores.get(lcores.size() - 1);
        PacketTemplate template = PacketTemplate.udp(
                MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"),
                (Inet4Address) InetAddress.getByName("10.0.0.1"), (Inet4Address) InetAddress.getByName("10.0.0.2"), 64);
        Generator generator = new Generator(List.of(template), Rate.packetsPerSecond(100), 0, 3, 1);
        return Forwarding.of(Port.of(NIC, new Device.Physical(address)))
                .task(Task.of("generator", generator).to(Endpoint.port(NIC)).on(lcore).sharing())
                .task(Task.of(SINK, new Sink(3, false)).from(Endpoint.port(NIC)).on(lcore).sharing());
    }

    private static void print(ForwardingCore core, long mbufs) {
        PortInformation port = core.port(NIC).information();
        TaskStatistics sink = core.task(SINK).statistics();
        System.out.println("device: " + port.device());
        System.out.println("driver: " + port.driver());
        System.out.println("node: " + port.node());
        System.out.println("mac: " + port.mac());
        System.out.println("promiscuous: " + port.promiscuous());
        System.out.println("received: " + sink.received());
        System.out.println("reordered: " + sink.reordered());
        System.out.println("dropped: " + sink.dropped());
        System.out.println("port: " + core.port(NIC).statistics().received());
        System.out.println("taken: " + (mbufs - core.availableMbufs()));
    }
}
