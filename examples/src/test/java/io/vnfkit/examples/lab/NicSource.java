package io.vnfkit.examples.lab;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * The forwarding core on a NIC, inside a VNF: sends packets of many flows until its standard input ends. Its word is the
 * offset of the field in which the flows differ.
 */
final class NicSource {

    static final int SOURCE_ADDRESS = 26;
    static final int PORTS = 34;

    private static final int FLOWS = 64;

    private NicSource() {}

    public static void main(String[] arguments) throws IOException {
        NicProgram program = NicProgram.parse(arguments);
        PacketTemplate template = PacketTemplate.udp(
                        MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"),
                        (Inet4Address) InetAddress.getByName("10.0.0.1"),
                        (Inet4Address) InetAddress.getByName("10.0.0.2"), 64)
                .varying(Integer.parseInt(program.words().get(0)));
        Generator generator = new Generator(List.of(template), Rate.packetsPerSecond(500), 0, 3, FLOWS);
        try (Eal eal = Eal.start(program.eal());
                ForwardingCore core = ForwardingCore.start(eal, Forwarding.of(
                                Port.of("nic", new Device.Physical(program.nic())))
                        .task(Task.of("generator", generator).to(Endpoint.port("nic"))
                                .on(eal.lcores().get(eal.lcores().size() - 1)).sharing()))) {
            core.startTasks();
            System.out.println("sending with " + core.port("nic").information().driver());
            while (System.in.read() >= 0) {
                // Nobody says anything but the end.
            }
        }
    }
}
