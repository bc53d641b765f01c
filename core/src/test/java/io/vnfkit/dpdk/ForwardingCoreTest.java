package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The forwarding core itself, with packets from its own generator. Needs DPDK, but neither root nor hugepages. */
@Timeout(150)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class ForwardingCoreTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static Inet4Address ip(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Generator packets(String to, long limit, int flows) {
        PacketTemplate template = PacketTemplate.udp(A, B, ip("10.0.0.1"), ip(to), 64).varying(30);
        return new Generator(List.of(template), Rate.unlimited(), limit, 7, flows);
    }

    @Test
    void packetsOfAGeneratorReachTheSinkThroughAPortAndThePoolIsFullAgain() {
        Forwarding forwarding = Forwarding.of(Port.of("null", new Device.Null(0, 64, false)))
                .ring("a", 256).ring("b", 256)
                .task(Task.of("generator", packets("10.1.0.1", 20_000, 1)).to(Endpoint.ring("a")).on(1).transmitTries(1_000_000_000))
                .task(Task.of("none", new None()).from(Endpoint.ring("a")).to(Endpoint.ring("b")).on(2).transmitTries(1_000_000_000))
                .task(Task.of("sink", new Sink(7, false)).from(Endpoint.ring("b")).on(3))
                .task(Task.of("free", new None()).from(Endpoint.port("null")).to(Endpoint.port("null")).on(0));

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            long full = core.availableMbufs();
            core.startTasks();
            Await.until("all packets", () -> core.task("sink").statistics().received() == 20_000);
            Await.until("null device", () -> core.task("free").statistics().sent() > 1000);
            core.stopTasks();

            TaskStatistics sink = core.task("sink").statistics();
            assertThat(sink.lost()).isZero();
            assertThat(sink.reordered()).isZero();
            assertThat(sink.dropped()).isZero();
            assertThat(core.statistics().latencies().get("sink").count()).isEqualTo(20_000);
            assertThat(core.statistics().latencies().get("sink").minimum()).isPositive();
            assertThat(core.availableMbufs()).isEqualTo(full);
            assertThat(core.port("null").statistics().received()).isGreaterThan(1000);
        }
    }

    @Test
    void routesChangeWhilePacketsFlow() {
        Forwarding forwarding = Forwarding.of()
                .ring("in", 256).ring("west", 1024).ring("east", 1024)
                .routes(RouteTable.ipv4("fib", 1000))
                .task(Task.of("generator", packets("10.1.0.0", 0, 256)).to(Endpoint.ring("in")).on(1))
                .task(Task.of("l3fwd", new L3Forward(Optional.of("fib"), Optional.empty(), true)).from(Endpoint.ring("in"))
                        .to(Endpoint.ring("west"), Endpoint.ring("east")).on(2))
                .task(Task.of("w", new Sink(7, true)).from(Endpoint.ring("west")).on(3).sharing())
                .task(Task.of("e", new Sink(7, true)).from(Endpoint.ring("east")).on(3).sharing());

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            long full = core.availableMbufs();
            core.startTasks();
            Await.until("no route", () -> core.task("l3fwd").statistics().dropped(DropReason.NO_ROUTE) > 1000);
            assertThat(core.task("l3fwd").statistics().sent()).isZero();

            core.routes("fib").put(IpPrefix.parse("10.0.0.0/8"), NextHop.via(0, A, B));
            Await.until("west", () -> core.task("w").statistics().received() > 1000);
            core.routes("fib").put(IpPrefix.parse("10.1.0.128/25"), NextHop.via(1, A, B));
            Await.until("east", () -> core.task("e").statistics().received() > 1000);
            core.routes("fib").remove(IpPrefix.parse("10.1.0.128/25"));
            core.task("generator").stop();
            Await.until("all packets are back in the pool", () -> core.availableMbufs() == full);
            core.stopTasks();

            assertThat(core.routes("fib").all()).hasSize(1);
        }
    }

    /** The frames of a null port go to 00:00:00:00:00:00 and have no Ethernet type. */
    private static Forwarding fromANullPort(L3Forward function, Endpoint... inputs) {
        return Forwarding.of(Port.of("null", new Device.Null(0, 64, false)).queues(2, 1).mac(A))
                .ring("between", 256).ring("out", 64)
                .routes(RouteTable.ipv4("fib", 10))
                .task(Task.of("move", new None()).from(Endpoint.port("null", 1)).to(Endpoint.ring("between")).on(2))
                .task(Task.of("l3fwd", function).from(inputs).to(Endpoint.ring("out")).on(1))
                .task(Task.of("sink", new Sink(0, true)).from(Endpoint.ring("out"), Endpoint.ring("between")).on(3));
    }

    private static void assertDropped(DropReason reason, Forwarding forwarding, String... tasks) {
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            List.of(tasks).forEach(task -> core.task(task).start());
            Await.until("drops", () -> core.task("l3fwd").statistics().dropped() > 1000);
            core.stopTasks();
            assertThat(core.task("l3fwd").statistics().drops()).containsOnlyKeys(reason);
        }
    }

    @Test
    void framesToOtherStationsAreDroppedWhereAPortTookThemAndNotFromARing() {
        L3Forward router = new L3Forward(Optional.of("fib"), Optional.empty(), true);

        assertDropped(DropReason.OTHER_HOST, fromANullPort(router, Endpoint.port("null")), "l3fwd");
        assertDropped(DropReason.ETHERTYPE, fromANullPort(router.forAnyStation(), Endpoint.port("null")), "l3fwd");
        assertDropped(DropReason.ETHERTYPE, fromANullPort(router, Endpoint.ring("between")), "move", "l3fwd");
    }

    @Test
    void aPortThatWasThereBeforeServesOneCoreAfterTheOtherAndKeepsNoPackets() {
        Device.Existing ring = new Device.Existing("net_ring7");
        Forwarding forwarding = Forwarding.of(Port.of("there", ring))
                .task(Task.of("generator", packets("10.1.0.1", 100, 1)).to(Endpoint.port("there")).on(1))
                .task(Task.of("sink", new Sink(7, false)).from(Endpoint.port("there")).on(2));
        Forwarder forwarder = TestEal.get().forwarder();
        forwarder.plugDevice(ring.name(), "");
        try {
            long free = forwarder.heap(0).free();
            for (int round = 0; round < 3; round++) {
                try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
                    core.task("sink").start();
                    Await.until("polls", () -> core.task("sink").statistics().polls() > 1000);
                    assertThat(core.task("sink").statistics().received()).as("of the core before").isZero();
                    core.task("generator").start();
                    Await.until("packets", () -> core.task("sink").statistics().received() == 100);
                    core.stopTasks();
                }
                try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
                    core.task("generator").start();
                    Await.until("packets", () -> core.task("generator").statistics().sent() == 100);
                }
                assertThat(forwarder.heap(0).free()).as("the mempools are freed").isEqualTo(free);
            }
        } finally {
            forwarder.unplugDevice(ring.name());
        }
    }

    @Test
    void macAddressesAreRewritten() {
        L2Forward swap = new L2Forward(new MacRule.Other(), new MacRule.Other());
        Forwarding forwarding = Forwarding.of().ring("loop", 64)
                .task(Task.of("swap", swap).from(Endpoint.ring("loop")).to(Endpoint.ring("loop")).on(1));

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            core.inject("loop", new byte[60], 32);
            core.startTasks();
            Await.until("rounds", () -> core.task("swap").statistics().sent() > 20_000);
            core.stopTasks();
            assertThat(core.task("swap").statistics().dropped()).isZero();
        }
    }
}
