package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server of this library with an unmodified testpmd as client. */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@Timeout(120)
class TestpmdClientIT {

    @TempDir
    private Path directory;

    private Testpmd start(MemifSocket socket, MemifInterface offered, RingSettings rings, String... more) {
        return Testpmd.start(directory, DpdkPeer.of(socket, offered, rings).vdev(0), Testpmd.ordinaryMemory(), more);
    }

    private static MemifLink link(MemifServer server, long id, Testpmd testpmd) {
        return server.awaitLink(id, LinkPair.PATIENCE)
                .orElseThrow(() -> new AssertionError("no link; testpmd: " + testpmd.log()));
    }

    @Test
    void everyByteOfEveryPacketComesBack() {
        MemifSocket socket = LinkPair.socket();
        MemifInterface offered = MemifInterface.of(5);
        try (MemifServer server = MemifServer.listen(socket, MemifInterface.of(4), offered);
                Testpmd testpmd = start(socket, offered, RingSettings.defaults())) {
            MemifLink link = link(server, 5, testpmd);
            assertThat(link.peer()).startsWith("DPDK 2");
            assertThat(link.peerInterface()).isEqualTo("net_memif0");

            Echo echo = Echo.of(link, 0, 500);
            echo.run(1_000, 1);
            echo.run(150_000, 32);
            echo.run(20_000, 256);
            assertThat(link.isUp()).isTrue();
        }
    }

    @Test
    void packetsOfSeveralBuffersStayWhole() {
        MemifSocket socket = MemifSocket.at(directory.resolve("memif.sock"));
        MemifInterface offered = MemifInterface.of(5).secret("Simsalabim");
        try (MemifServer server = MemifServer.listen(socket, offered);
                Testpmd testpmd = start(socket, offered, RingSettings.defaults().bufferSize(256))) {
            MemifLink link = link(server, 5, testpmd);

            new Echo(link.transmitQueues().get(0), link.receiveQueues().get(0), 64, 256).run(30_000, 16);
        }
    }

    @Test
    @RequiresFreeHugepages(count = 40)
    void buffersAreTheMempoolsOfAZeroCopyClient() {
        MemifSocket socket = LinkPair.socket();
        MemifInterface offered = MemifInterface.of(5).acceptUnsealed();
        try (MemifServer server = MemifServer.listen(socket, offered);
                Testpmd testpmd = Testpmd.start(directory,
                        DpdkPeer.of(socket, offered, RingSettings.defaults()).withZeroCopy().vdev(0),
                        Testpmd.singleFileHugepages())) {
            MemifLink link = link(server, 5, testpmd);

            Echo.of(link, 0, 200).run(100_000, 32);
        }
    }

    @Test
    @RequiresFreeHugepages(count = 40)
    void memoryThatIsNotSealedIsRefusedUnlessAccepted() {
        MemifSocket socket = LinkPair.socket();
        MemifInterface offered = MemifInterface.of(5);
        try (MemifServer server = MemifServer.listen(socket, offered);
                Testpmd testpmd = Testpmd.start(directory,
                        DpdkPeer.of(socket, offered, RingSettings.defaults()).withZeroCopy().vdev(0),
                        Testpmd.singleFileHugepages())) {
            long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
            while (!testpmd.log().contains("Disconnect received") && System.nanoTime() - deadline < 0) {
                server.poll(Duration.ofMillis(100));
            }
            assertThat(testpmd.log()).contains("Disconnect received: region 1 is not sealed against getting shorter");
        }
    }

    @Test
    void signalsWakeTheReceiver() {
        MemifSocket socket = LinkPair.socket();
        MemifInterface offered = MemifInterface.of(5);
        try (MemifServer server = MemifServer.listen(socket, offered);
                Testpmd testpmd = start(socket, offered, RingSettings.defaults())) {
            Echo echo = Echo.of(link(server, 5, testpmd), 0, 500);

            echo.runWaiting(2_000, 1);
            echo.runWaiting(20_000, 32);

            assertThat(echo.waits()).isPositive();
        }
    }

    @Test
    void theLinkComesAgainAfterTestpmdWasKilled() {
        MemifSocket socket = LinkPair.socket();
        MemifInterface offered = MemifInterface.of(5);
        try (MemifServer server = MemifServer.listen(socket, offered)) {
            for (int life = 0; life < 3; life++) {
                try (Testpmd testpmd = start(socket, offered, RingSettings.defaults())) {
                    MemifLink link = link(server, 5, testpmd);
                    Echo.of(link, 0, 500).run(5_000, 32);
                    testpmd.kill();
                    long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
                    while (link.isUp() && System.nanoTime() - deadline < 0) {
                        server.poll(Duration.ofMillis(100));
                    }
                    assertThat(link.endReason()).isEqualTo("the client closed the socket");
                    assertThat(link.receiveQueues().get(0).receive(new PacketBurst(1))).isZero();
                    assertThat(link.transmitQueues().get(0).free()).isZero();
                }
            }
        }
    }
}
