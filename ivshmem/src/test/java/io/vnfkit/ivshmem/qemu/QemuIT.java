package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.LeakCheck;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real QEMU takes the arguments and is a peer of the server; no guest runs in it. */
@Tag("root")
@RequiresCommand(value = "qemu-system-x86_64", debianPackage = "qemu-system-x86")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class QemuIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Bytes SIZE = Bytes.mebibytes(1);

    @TempDir
    private Path directory;

    @Test
    void plainMemoryIsTheBackendAndTheBarThatTheArgumentsSay() throws Exception {
        Path file = directory.resolve("a,b=c d");
        MemoryFile.named(file, SIZE).close();
        IvshmemPlain plain = new IvshmemPlain("packets", file, SIZE).on(NodePolicy.bind(NodeSet.of(0)))
                .with("addr", "0x10");

        try (QemuMonitor qemu = new QemuMonitor(plain)) {
            assertThat(qemu.info("memdev")).contains("memory backend: packets-memory\n  size:  1048576\n")
                    .containsPattern("packets-memory(.|\n)*share: true(.|\n)*policy: bind\n  host nodes: 0\n");
            assertThat(qemu.info("pci")).contains("device  16, function 0:\n    RAM controller: PCI device 1af4:1110")
                    .contains("BAR2: 64 bit prefetchable memory at 0xffffffffffffffff [0x000ffffe].\n");
        }
        try (QemuMonitor qemu = new QemuMonitor(new IvshmemPlain("packets", file, SIZE).asReadOnly())) {
            assertThat(qemu.info("memdev")).contains("memory backend: packets-memory\n  size:  1048576\n");
        }
        assertThat(file).hasSize(SIZE.value());
    }

    @Test
    void qemuIsAPeerUntilItIsKilled() throws Exception {
        Path socket = directory.resolve("server");
        RecordingListener news = new RecordingListener();
        try (MemoryFile memory = MemoryFile.sealed("vnfkit-qemu", SIZE);
                IvshmemServer server = IvshmemServer.at(socket).memory(memory).vectors(4).listener(news).open()) {
            Thread serving = server.start(Thread::new);
            try (QemuMonitor qemu = new QemuMonitor(new IvshmemDoorbell("bell", socket, 4))) {
                assertThat(news.next()).isEqualTo("joined 0");
                assertThat(qemu.info("pci")).contains("1af4:1110").contains("BAR1: 32 bit memory");
                assertThat(server.peers()).hasSize(1).first()
                        .satisfies(peer -> assertThat(peer.pid()).isNotEqualTo((int) ProcessHandle.current().pid()));

                qemu.kill();

                assertThat(news.next()).isEqualTo("left 0 CLOSED");
            }
            server.close();
            serving.join();
        }
    }

    /** It would not, if an id were given to a second peer. */
    @Test
    void qemuSurvivesPeersThatComeAndGo() throws Exception {
        Path socket = directory.resolve("server");
        try (MemoryFile memory = MemoryFile.sealed("vnfkit-qemu", SIZE);
                IvshmemServer server = IvshmemServer.at(socket).memory(memory).vectors(2).open()) {
            Thread serving = server.start(Thread::new);
            try (QemuMonitor qemu = new QemuMonitor(new IvshmemDoorbell("bell", socket, 2))) {
                for (int round = 0; round < 50; round++) {
                    List<IvshmemPeer> peers = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        peers.add(server.join(PeerOptions.vectors(2)));
                    }
                    peers.forEach(IvshmemPeer::ringAll);
                    peers.forEach(IvshmemPeer::close);
                    assertThat(qemu.info("status")).contains("paused");
                }
                try (IvshmemPeer peer = server.join(PeerOptions.vectors(2))) {
                    assertThat(peer.awaitPeer(0, 2, PATIENCE)).isTrue();
                    assertThat(peer.id()).isEqualTo(201);
                }
            }
            server.close();
            serving.join();
        }
    }

    @Test
    void qemuWithAnotherNumberOfVectorsIsAPeerAllTheSame() throws Exception {
        Path socket = directory.resolve("server");
        try (MemoryFile memory = MemoryFile.sealed("vnfkit-qemu", SIZE);
                IvshmemServer server = IvshmemServer.at(socket).memory(memory).vectors(3).open()) {
            Thread serving = server.start(Thread::new);
            try (QemuMonitor fewer = new QemuMonitor(new IvshmemDoorbell("bell", socket, 1));
                    QemuMonitor more = new QemuMonitor(new IvshmemDoorbell("bell", socket, 8))) {
                assertThat(fewer.info("status")).contains("paused");
                assertThat(more.info("status")).contains("paused");
                assertThat(server.peers()).extracting(ConnectedPeer::vectors).containsExactly(3, 3);
            }
            server.close();
            serving.join();
        }
    }

    /** It would spin for ever, if the server did no more than hang up. */
    @Test
    void aQemuThatIsNotAdmittedDoesNotStart() throws Exception {
        Path socket = directory.resolve("server");
        RecordingListener news = new RecordingListener();
        try (MemoryFile memory = MemoryFile.sealed("vnfkit-qemu", SIZE);
                IvshmemServer server = IvshmemServer.at(socket).memory(memory).listener(news)
                        .admit(Admission.uids(4_000_000)).open()) {
            Thread serving = server.start(Thread::new);

            assertThatThrownBy(() -> new QemuMonitor(new IvshmemDoorbell("bell", socket, 1)))
                    .isInstanceOf(AssertionError.class).hasMessageContaining("server sent version -2, expecting 0");

            assertThat(news.next()).isEqualTo("refused NOT_ADMITTED");
            server.close();
            serving.join();
        }
    }
}
