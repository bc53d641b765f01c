package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.port.Device;
import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How links come, go and come again, and that nothing stays behind. */
@Timeout(60)
class EndpointTest {

    private static final long ID = 7;
    private static final Backoff AT_ONCE = Backoff.every(Duration.ZERO);

    @TempDir
    private Path directory;

    @Test
    void nothingIsLeftOfManyLinks() throws Exception {
        try (LinkPair pair = LinkPair.of(RingSettings.defaults().log2Size(2))) {
            assertThat(pair.clientLink().isUp()).isTrue();
        }
        long before = HostileClientTest.openDescriptors();
        long mappings = mappingsOfMemif();
        for (int i = 0; i < 50; i++) {
            MemifClientSettings settings = MemifClientSettings.to(LinkPair.socket(), ID).backoff(AT_ONCE)
                    .rings(RingSettings.defaults().log2Size(2).rings(2, 2));
            try (LinkPair pair = LinkPair.of(settings, MemifInterface.of(ID))) {
                pair.serverLink().close();
                pair.connect();
            }
        }
        assertThat(HostileClientTest.openDescriptors()).isEqualTo(before);
        assertThat(mappingsOfMemif()).isEqualTo(mappings);
    }

    private static long mappingsOfMemif() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd:memif")).count();
        }
    }

    @Test
    void eitherSideEndsALinkAndAnotherComes() {
        try (LinkPair pair = LinkPair.of(MemifClientSettings.to(LinkPair.socket(), ID).backoff(AT_ONCE),
                MemifInterface.of(ID))) {
            MemifLink atClient = pair.clientLink();
            MemifLink atServer = pair.serverLink();
            atServer.close();
            pair.connect();
            assertThat(atServer.endReason()).isEqualTo("this side closed the link");
            assertThat(atClient.endReason()).isEqualTo("the server ended the link: this side closed the link");

            atClient = pair.clientLink();
            atServer = pair.serverLink();
            atClient.close();
            assertThat(pair.client.link()).isEmpty();
            pair.connect();
            assertThat(atServer.isUp()).isFalse();
            assertThat(atServer.endReason()).isEqualTo("the client ended the link: this side closed the link");
            assertThat(atClient.transmitQueues().get(0).free()).isZero();
        }
    }

    @Test
    void aClientWaitsAsLongAsTheBackoffSays() {
        AtomicLong now = new AtomicLong();
        MemifSocket socket = LinkPair.socket();
        try (MemifClient client = MemifClient.open(Kernel.host(), now::get,
                MemifClientSettings.to(socket, ID).backoff(Backoff.every(Duration.ofSeconds(3))))) {
            client.poll(Duration.ZERO);
            assertThat(client.lastFailure()).contains("ECONNREFUSED");
            try (MemifServer server = MemifServer.listen(socket, MemifInterface.of(ID))) {
                assertThat(client.patience()).isEqualTo(Duration.ofSeconds(3));
                now.addAndGet(Duration.ofSeconds(3).toNanos() - 1);
                client.poll(Duration.ZERO);
                assertThat(client.interests()).isEmpty();
                now.incrementAndGet();
                client.poll(Duration.ZERO);
                assertThat(client.interests()).hasSize(1);
                assertThat(server.link(ID)).isEmpty();
            }
        }
    }

    @Test
    void backoffsGrow() {
        Backoff doubling = Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(2));

        assertThat(doubling.delay(0)).isEqualTo(Duration.ofMillis(50));
        assertThat(doubling.delay(1)).isEqualTo(Duration.ofMillis(50));
        assertThat(doubling.delay(3)).isEqualTo(Duration.ofMillis(200));
        assertThat(doubling.delay(6)).isEqualTo(Duration.ofMillis(1600));
        assertThat(doubling.delay(7)).isEqualTo(Duration.ofSeconds(2));
        assertThat(doubling.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aClientThatSaysNothingIsSentAway() {
        AtomicLong now = new AtomicLong();
        MemifSocket socket = LinkPair.socket();
        UnixSocketCalls sockets = UnixSocketCalls.host();
        try (MemifServer server = MemifServer.listen(Kernel.host(), now::get, socket, who -> true,
                MemifInterface.of(ID))) {
            int silent = sockets.socket(UnixSocketCalls.Kind.SEQPACKET);
            sockets.connect(silent, socket.name());
            server.poll(Duration.ZERO);
            assertThat(server.patience()).isEqualTo(Duration.ofSeconds(10));
            assertThat(server.interests()).hasSize(2);
            now.addAndGet(Duration.ofSeconds(10).toNanos() + 1);
            server.poll(Duration.ZERO);
            assertThat(server.interests()).hasSize(1);
            Syscalls.host().close(silent);
        }
    }

    @Test
    void whoIsNotAdmittedHearsIt() {
        MemifSocket socket = LinkPair.socket();
        try (MemifServer server = MemifServer.listen(socket, who -> who.uid() == 12345, MemifInterface.of(ID));
                MemifClient client = MemifClient.open(MemifClientSettings.to(socket, ID))) {
            while (client.lastFailure().isEmpty()) {
                client.poll(Duration.ofMillis(1));
                server.poll(Duration.ofMillis(1));
            }
            assertThat(client.lastFailure()).contains("are not admitted");
        }
    }

    @Test
    void threadsOfTheirOwnKeepLinksUp() throws Exception {
        MemifSocket socket = MemifSocket.at(directory.resolve("memif.sock"));
        MemifClient client = MemifClient.open(MemifClientSettings.to(socket, ID).backoff(
                Backoff.every(Duration.ofMillis(5))));
        ControlLoop clientLoop = ControlLoop.start(client, Thread::new);
        ControlLoop serverLoop;
        MemifLink first;
        try (MemifServer server = MemifServer.listen(socket, MemifInterface.of(ID))) {
            serverLoop = ControlLoop.start(server, Thread::new);
            first = client.awaitLink(LinkPair.PATIENCE).orElseThrow();
            assertThat(server.awaitLink(ID, LinkPair.PATIENCE)).isPresent();
        }
        serverLoop.join();
        try (MemifServer server = MemifServer.listen(socket, MemifInterface.of(ID))) {
            assertThat(server.awaitLink(ID, LinkPair.PATIENCE)).isPresent();
            assertThat(first.isUp()).isFalse();
        }
        client.close();
        client.close();
        clientLoop.join();
        assertThat(clientLoop.failure()).isEmpty();
        assertThat(serverLoop.failure()).isEmpty();
        client.poll(Duration.ofSeconds(-1));
        assertThat(client.awaitLink(LinkPair.PATIENCE)).isEmpty();
    }

    @Test
    void theFileOfADeadServerIsReplacedAndThatOfALivingOneIsNot() throws Exception {
        Path path = directory.resolve("memif.sock");
        MemifSocket socket = MemifSocket.at(path).mode(0660);
        int dead = UnixSocketCalls.host().socket(UnixSocketCalls.Kind.SEQPACKET);
        UnixSocketCalls.host().bind(dead, path.toString(), 0600);
        Syscalls.host().close(dead);

        try (MemifServer server = MemifServer.listen(socket, MemifInterface.of(ID))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-rw----");
            assertThatThrownBy(() -> MemifServer.listen(socket, MemifInterface.of(ID)))
                    .isInstanceOf(SystemCallException.class).hasMessageContaining("EADDRINUSE");
            assertThat(server.isClosed()).isFalse();
        }
        assertThat(path).doesNotExist();
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> MemifServer.listen(socket, MemifInterface.of(ID)))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("EADDRINUSE");
        assertThat(path).hasContent("precious");
    }

    @Test
    void aPartOfAFileHoldsTheBuffersAndNothingElseIsTouched() {
        int file = SharedMemoryCalls.host().memfd("region");
        Syscalls.host().ftruncate(file, 1 << 20);
        RingSettings rings = RingSettings.defaults().log2Size(3);
        MemifClientSettings settings = MemifClientSettings.to(LinkPair.socket(), ID).rings(rings);
        assertThatThrownBy(() -> MemifClient.open(settings.memory(new MemifMemory.Part(file, 8192, 1 << 20))))
                .hasMessageContaining("the file has 1048576 bytes");
        assertThatThrownBy(() -> MemifClient.open(settings.memory(new MemifMemory.Part(file, 8192, rings.memory() - 1))))
                .hasMessageContaining("more than the part's");
        MemifMemory.Part part = new MemifMemory.Part(file, 8192, rings.memory());
        try (LinkPair pair = LinkPair.of(settings.memory(part), MemifInterface.of(ID).acceptUnsealed());
                RegionMemory all = RegionMemory.map(SharedMemoryCalls.host(), file, 1 << 20, 4096)) {
            PacketBurst burst = new PacketBurst(1);
            pair.clientOut().claim(burst, 1);
            burst.put(0, TestPacket.of(1));
            pair.clientOut().commit(burst, 1);
            long at = new MemoryLayout(rings, 8192).buffersAt(Direction.CLIENT_TO_SERVER, 0);

            assertThat(burst.offset(0)).isEqualTo((int) at);
            assertThat(all.part(at, TestPacket.size(1))).isEqualTo(TestPacket.of(1));
            assertThat(all.part(0, 8192)).isEqualTo(ByteBuffer.allocate(8192));
            assertThat(pair.serverIn().receive(burst)).isOne();
            assertThat(burst.slice(0)).isEqualTo(TestPacket.of(1));
        }
        Syscalls.host().close(file);
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        RingSettings rings = RingSettings.defaults();
        assertThatThrownBy(() -> rings.log2Size(0)).hasMessageContaining("2^1 to 2^14 descriptors, not 2^0");
        assertThatThrownBy(() -> rings.log2Size(15)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rings.rings(257, 1)).hasMessageContaining("0 to 256 rings");
        assertThatThrownBy(() -> rings.bufferSize(100)).hasMessageContaining("multiples of 64");
        assertThatThrownBy(() -> rings.bufferSize(65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemifMemory.Part(3, 64, 100)).hasMessageContaining("multiple of 128");
        assertThatThrownBy(() -> new MemifMemory.Part(3, 128, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemifInterface.of(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemifInterface.of(1).secret("x".repeat(24))).hasMessageContaining("at most 23");
        assertThatThrownBy(() -> MemifSocket.abstractName("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOtherSideIsToldInDpdksWords() {
        MemifClientSettings client = MemifClientSettings.to(MemifSocket.at(Path.of("/run/a.sock")), 5);
        Device.Memif plain = new Device.Memif(2, true, Path.of("/run/a.sock"), 5, 10, false);

        assertThat(DpdkPeer.of(client).vdev(2)).isEqualTo("net_memif2," + plain.parameters() + ",bsize=2048")
                .isEqualTo("net_memif2,role=server,id=5,socket=/run/a.sock,socket-abstract=no,rsize=10,bsize=2048");
        assertThat(DpdkPeer.of(MemifSocket.abstractName("run/b"), MemifInterface.of(0).secret("s"),
                RingSettings.defaults().log2Size(4).bufferSize(256)).withZeroCopy().vdev(0)).isEqualTo(
                "net_memif0,role=client,id=0,socket=run/b,socket-abstract=yes,rsize=4,zero-copy=yes,bsize=256,secret=s");
        assertThatThrownBy(() -> DpdkPeer.of(client.secret("a,b"))).hasMessageContaining("no comma");
        assertThat(DpdkPeer.of(client.secret("geheim")).toString()).doesNotContain("geheim");
    }
}
