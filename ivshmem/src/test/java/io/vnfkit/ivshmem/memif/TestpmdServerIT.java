package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client of this library with an unmodified testpmd as server. */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@Timeout(120)
class TestpmdServerIT {

    private static final Backoff OFTEN = Backoff.every(Duration.ofMillis(20));

    @TempDir
    private Path directory;

    private MemifClientSettings settings() {
        return MemifClientSettings.to(LinkPair.socket(), 3).backoff(OFTEN);
    }

    private Testpmd start(MemifClientSettings client, String... more) {
        return Testpmd.start(directory, DpdkPeer.of(client).vdev(0), Testpmd.ordinaryMemory(), more);
    }

    private static MemifLink link(MemifClient client, Testpmd testpmd) {
        return client.awaitLink(LinkPair.PATIENCE)
                .orElseThrow(() -> new AssertionError(client.lastFailure() + "; testpmd: " + testpmd.log()));
    }

    @Test
    void everyByteOfEveryPacketComesBack() {
        MemifClientSettings settings = settings();
        try (Testpmd testpmd = start(settings); MemifClient client = MemifClient.open(settings)) {
            MemifLink link = link(client, testpmd);
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
    @RequiresFreeHugepages(count = 4)
    void buffersOnHugepagesAndAPathAndASecret() {
        MemifClientSettings settings = MemifClientSettings.to(MemifSocket.at(directory.resolve("memif.sock")), 3)
                .backoff(OFTEN).secret("open-sesame").rings(RingSettings.defaults().log2Size(9))
                .memory(new MemifMemory.Hugepages(PageSize.MIB_2));
        try (Testpmd testpmd = start(settings); MemifClient client = MemifClient.open(settings)) {
            Echo.of(link(client, testpmd), 0, 250).run(50_000, 32);
        }
    }

    /** As a shared region is: a file on hugetlbfs, of which a part holds the rings and the buffers. */
    @Test
    @RequiresFreeHugepages(count = 6)
    void buffersInTheMiddleOfAFileOnHugepages() {
        long page = PageSize.MIB_2.bytes();
        int file = SharedMemoryCalls.host().hugepageMemfd("region", PageSize.MIB_2);
        Syscalls.host().ftruncate(file, 6 * page);
        RingSettings rings = RingSettings.defaults().log2Size(8);
        MemifClientSettings settings = settings().rings(rings)
                .memory(new MemifMemory.Part(file, 3 * page + 4096, rings.memory()));
        try (Testpmd testpmd = start(settings); MemifClient client = MemifClient.open(settings)) {
            Echo.of(link(client, testpmd), 0, 120).run(20_000, 32);
        } finally {
            Syscalls.host().close(file);
        }
    }

    @Test
    void twoQueuesEachWay() {
        MemifClientSettings settings = settings().rings(RingSettings.defaults().rings(2, 2));
        try (Testpmd testpmd = start(settings, "--rxq=2", "--txq=2"); MemifClient client = MemifClient.open(settings)) {
            MemifLink link = link(client, testpmd);

            Echo.of(link, 0, 500).run(20_000, 32);
            Echo.of(link, 1, 500).run(20_000, 32);
        }
    }

    @Test
    void aWrongSecretIsSaid() {
        MemifClientSettings settings = settings().secret("right");
        try (Testpmd testpmd = start(settings); MemifClient client = MemifClient.open(settings.secret("wrong"))) {
            long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
            while (!client.lastFailure().contains("Incorrect secret") && System.nanoTime() - deadline < 0) {
                client.poll(Duration.ofMillis(100));
            }
            assertThat(client.lastFailure()).as(testpmd.log()).contains("the server ended the link: Incorrect secret");
        }
    }

    @Test
    void signalsWakeTheReceiver() {
        MemifClientSettings settings = settings();
        try (Testpmd testpmd = start(settings); MemifClient client = MemifClient.open(settings)) {
            Echo echo = Echo.of(link(client, testpmd), 0, 500);

            echo.runWaiting(2_000, 1);
            echo.runWaiting(20_000, 32);

            assertThat(echo.waits()).isPositive();
        }
    }

    @Test
    void theLinkComesAgainAfterTestpmdWasKilled() {
        MemifClientSettings settings = settings();
        try (MemifClient client = MemifClient.open(settings)) {
            for (int life = 0; life < 3; life++) {
                try (Testpmd testpmd = start(settings)) {
                    MemifLink link = link(client, testpmd);
                    Echo.of(link, 0, 500).run(5_000, 32);
                    testpmd.kill();
                    long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
                    while (link.isUp() && System.nanoTime() - deadline < 0) {
                        client.poll(Duration.ofMillis(100));
                    }
                    assertThat(link.endReason()).isEqualTo("the server closed the socket");
                    assertThat(link.receiveQueues().get(0).receive(new PacketBurst(1))).isZero();
                    assertThat(link.transmitQueues().get(0).free()).isZero();
                }
            }
        }
    }
}
