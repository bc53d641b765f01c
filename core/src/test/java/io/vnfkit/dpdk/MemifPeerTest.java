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
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.File;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A memif port with an unmodified testpmd at its other end, which gives every packet back. */
@Timeout(90)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
class MemifPeerTest {

    private static final long PACKETS = 2000L;

    @TempDir
    private Path directory;

    @Test
    void packetsGoToTestpmdAndComeBack() throws Exception {
        Path socket = directory.resolve("memif.sock");
        PacketTemplate template = PacketTemplate.udp(Packets.HOST, Packets.ROUTER,
                (Inet4Address) InetAddress.getByName("10.0.0.1"), (Inet4Address) InetAddress.getByName("10.0.0.2"), 64);
        Generator generator = new Generator(List.of(template), Rate.packetsPerSecond(2_000), 0, 3, 1);
        Forwarding forwarding = Forwarding.of(
                        Port.of("link", new Device.Memif(0, true, socket, 0, 10, false)))
                .task(Task.of("generator", generator).to(Endpoint.port("link")).on(1))
                .task(Task.of("sink", new Sink(3, false)).from(Endpoint.port("link")).on(2));

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            Process testpmd = startTestpmd(socket);
            try {
                awaitLink(core, testpmd);
                core.startTasks();
                awaitPackets(core);
                core.stopTasks();

                TaskStatistics sink = core.task("sink").statistics();
                assertThat(sink.lost()).isZero();
                assertThat(sink.reordered()).isZero();
                assertThat(sink.dropped()).isZero();
                assertThat(core.port("link").extendedStatistics().get("rx_good_packets")).isGreaterThanOrEqualTo(PACKETS);
            } finally {
                testpmd.getOutputStream().close();
                if (!testpmd.waitFor(20, TimeUnit.SECONDS)) {
                    testpmd.destroyForcibly().waitFor();
                }
            }
        }
    }

    private Process startTestpmd(Path socket) throws Exception {
        return new ProcessBuilder("dpdk-testpmd", "--lcores", "(0-1)@0", "--no-huge", "-m", "128", "--no-pci",
                "--no-telemetry", "--no-shconf", "--file-prefix=memif-peer",
                "--vdev=net_memif0,role=client,id=0,rsize=10,socket-abstract=no,socket=" + socket,
                "--", "-i", "--auto-start", "--forward-mode=io", "--port-topology=loop", "--total-num-mbufs=8192",
                "--no-mlockall")
                .redirectErrorStream(true).redirectOutput(new File(directory.toFile(), "testpmd.log")).start();
    }

    private void awaitPackets(ForwardingCore core) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (core.task("sink").statistics().received() < PACKETS) {
            assertThat(System.nanoTime()).as("%s, %s; testpmd: %s", core.task("sink").statistics(),
                    core.task("generator").statistics(), Files.readString(directory.resolve("testpmd.log")))
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void awaitLink(ForwardingCore core, Process testpmd) {
        while (!core.port("link").information().link().isUp()) {
            assertThat(testpmd.isAlive()).as("testpmd runs").isTrue();
            Thread.onSpinWait();
        }
    }
}
