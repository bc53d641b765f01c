package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A port with a generator that sends numbered packets to a testpmd at the other end, and a sink that wants them back. */
final class RoundTrip implements AutoCloseable {

    static final String PORT = "link";
    private static final long FIRST = 200L;
    private static final long PACKETS = 1000L;

    private final ForwardingCore core;

    private RoundTrip(ForwardingCore core) {
        this.core = core;
    }

    /** Makes the port. */
    static RoundTrip over(Device device) throws IOException {
        PacketTemplate template = PacketTemplate.udp(Packets.HOST, Packets.ROUTER,
                (Inet4Address) InetAddress.getByName("10.0.0.1"), (Inet4Address) InetAddress.getByName("10.0.0.2"), 64);
        Generator generator = new Generator(List.of(template), Rate.packetsPerSecond(1_000), 0, 3, 1);
        Forwarding forwarding = Forwarding.of(Port.of(PORT, device))
                // A full queue is waited for: on a busy machine the other side may not run for as long as a queue lasts.
                .task(Task.of("generator", generator).to(Endpoint.port(PORT)).on(1).transmitTries(1_000_000_000))
                .task(Task.of("sink", new Sink(3, false)).from(Endpoint.port(PORT)).on(2));
        return new RoundTrip(ForwardingCore.start(TestEal.get(), forwarding));
    }

    ForwardingCore core() {
        return core;
    }

    /** Sends packets, waits until the first come back, and from there on wants each one, once and in its turn. */
    void assertThatPacketsComeBackFrom(Testpmd testpmd) throws IOException {
        testpmd.awaitForwarding();
        awaitLink(testpmd);
        core.startTasks();
        // A link of virtio is up before the other side polls all of its queues.
        awaitPackets(FIRST, testpmd);
        long lost = core.task("sink").statistics().lost();
        awaitPackets(FIRST + PACKETS, testpmd);
        core.stopTasks();

        TaskStatistics sink = core.task("sink").statistics();
        assertThat(sink.lost()).as("%s; %s", sink, core.task("generator").statistics()).isEqualTo(lost);
        assertThat(sink.reordered()).isZero();
        assertThat(sink.dropped()).isZero();
        assertThat(core.port(PORT).statistics().received()).isGreaterThanOrEqualTo(FIRST + PACKETS);
    }

    private void awaitLink(Testpmd testpmd) {
        while (!core.port(PORT).information().link().isUp()) {
            assertThat(testpmd.isAlive()).as("testpmd runs").isTrue();
            Thread.onSpinWait();
        }
    }

    private void awaitPackets(long count, Testpmd testpmd) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (core.task("sink").statistics().received() < count) {
            assertThat(System.nanoTime()).as("%s, %s; testpmd: %s", core.task("sink").statistics(),
                    core.task("generator").statistics(), testpmd.log()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        core.close();
    }
}
