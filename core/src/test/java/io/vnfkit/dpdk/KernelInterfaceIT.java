package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A port on an interface of the kernel: its MTU is that of the interface, of which DPDK's driver does not know. */
@Timeout(60)
@RequiresRoot
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class KernelInterfaceIT {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");
    /** Header and checksum. */
    private static final int ETHERNET = 18;
    private static final int MTU = 1300;
    private static final long SMALLER_THAN_A_POOL = 4 << 20;
    private static final int PACKETS = 100;

    private final String name = "vk" + ProcessHandle.current().pid() + "m";
    private final String peer = "vk" + ProcessHandle.current().pid() + "n";

    @BeforeEach
    void makeAnInterface() {
        HostShell.run("ip link add " + name + " mtu " + MTU + " type veth peer name " + peer + " mtu 4000"
                + " && ip link set " + name + " up && ip link set " + peer + " up");
    }

    @AfterEach
    void removeIt() {
        HostShell.run("ip link delete " + name);
    }

    private static PacketTemplate packet(int length) throws Exception {
        return PacketTemplate.udp(A, B, (Inet4Address) InetAddress.getByName("10.0.0.1"),
                (Inet4Address) InetAddress.getByName("10.1.0.1"), length);
    }

    @Test
    void whatTheInterfaceDoesNotLetThroughIsADropOfTheRouterAndNotOfTheDriver() throws Exception {
        Generator both = new Generator(
                List.of(packet(ETHERNET + MTU), packet(ETHERNET + MTU + 1)), Rate.unlimited(), 2 * PACKETS, 0, 1);
        Forwarding forwarding = Forwarding.of(Port.of("kernel", new Device.AfPacket(0, name, 1)))
                .ring("in", 1024).routes(RouteTable.ipv4("fib", 10))
                .task(Task.of("generator", both).to(Endpoint.ring("in")).on(1))
                .task(Task.of("l3fwd", new L3Forward(Optional.of("fib"), Optional.empty(), true))
                        .from(Endpoint.ring("in")).to(Endpoint.port("kernel")).on(2).transmitTries(1_000_000));

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            assertThat(core.port("kernel").information().mtu()).isEqualTo(MTU);
            core.routes("fib").put(IpPrefix.parse("10.0.0.0/8"), NextHop.via(0, A, B));
            core.startTasks();
            while (core.task("l3fwd").statistics().received() < 2 * PACKETS) {
                Thread.onSpinWait();
            }
            core.stopTasks();

            assertThat(core.task("l3fwd").statistics().sent()).isEqualTo(PACKETS);
            assertThat(core.task("l3fwd").statistics().drops()).isEqualTo(Map.of(DropReason.TOO_BIG, (long) PACKETS));
            assertThat(core.port("kernel").statistics().transmitErrors()).isZero();
        }
    }

    /** The driver keeps a packet's worth of mbufs for each receive queue until the queue is released. */
    @Test
    void aTapThatWasThereBeforeServesOneCoreAfterTheOther() {
        Forwarder forwarder = TestEal.get().forwarder();
        Device.Existing tap = new Device.Existing("net_tap3");
        forwarder.plugDevice(tap.name(), "iface=" + name + "t");
        try {
            long free = forwarder.heap(0).free();
            for (int round = 0; round < 2; round++) {
                ForwardingCore.start(TestEal.get(), Forwarding.of(Port.of("tap", tap))).close();
                // The driver makes a small mempool of its own, which stays.
                assertThat(forwarder.heap(0).free()).as("the mempool is freed").isGreaterThan(free - SMALLER_THAN_A_POOL);
            }
        } finally {
            forwarder.unplugDevice(tap.name());
        }
    }

    @Test
    void aPortThatIsNotGivenAnMtuKeepsThatOfTheInterface() {
        HostShell.run("ip link set " + name + " mtu 4000");
        Forwarding forwarding = Forwarding.of(Port.of("kernel", new Device.AfPacket(0, name, 1)));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            assertThat(core.port("kernel").information().mtu()).as("no longer than the driver's frames").isEqualTo(1500);
        }
        assertThat(HostShell.run("cat /sys/class/net/" + name + "/mtu").strip()).isEqualTo("4000");
    }
}
