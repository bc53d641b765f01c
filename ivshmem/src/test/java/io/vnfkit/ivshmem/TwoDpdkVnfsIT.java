package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.Vnf;
import io.vnfkit.ivshmem.memif.DpdkPeer;
import io.vnfkit.ivshmem.memif.MemifClientSettings;
import io.vnfkit.ivshmem.memif.MemifInterface;
import io.vnfkit.ivshmem.memif.MemifServer;
import io.vnfkit.ivshmem.memif.MemifSocket;
import io.vnfkit.ivshmem.memif.RingSettings;
import io.vnfkit.ivshmem.vhost.VhostUserLink;
import io.vnfkit.ivshmem.vhost.VhostUserLink.Listener;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import java.nio.file.Files;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unmodified DPDK programs in two VNFs, with a directory of sockets between them and nothing else. */
@LaunchesVnfs
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresCommand("python3")
@RequiresFreeHugepages(count = 2 * TestpmdInVnf.PAGES)
@Timeout(120)
class TwoDpdkVnfsIT {

    private static final String NAME = "vnfkit-it-" + ProcessHandle.current().pid();
    private static final int FIRST_ID = 100_000;
    private static final UnaryOperator<Vnf.Builder> SAME_USERS = vnf -> vnf;
    private static final UnaryOperator<Vnf.Builder> OWN_USERS =
            vnf -> vnf.namespaces(ns -> ns.isolateAll().mapIds(0, FIRST_ID, 65_536));
    private static final long MANY = 20_000;

    private final SocketStore store = SocketStore.onThisHost();
    private final SharedSockets sockets = SharedSockets.named(NAME);

    @AfterEach
    void takeSocketsAway() {
        store.destroy(NAME);
        assertThat(SocketStore.DIRECTORY.resolve(NAME)).doesNotExist();
    }

    private static void requirePacketsBothWays(TestpmdInVnf west, TestpmdInVnf east) {
        west.command("start");
        // A burst that goes round and round.
        east.command("start tx_first");
        TestpmdInVnf.Counted eastern = east.awaitPackets(MANY);
        TestpmdInVnf.Counted western = west.awaitPackets(eastern.sent());
        assertThat(western.received()).isGreaterThanOrEqualTo(eastern.sent());
        assertThat(east.awaitPackets(western.sent()).received()).isGreaterThanOrEqualTo(western.sent());
    }

    @Test
    void theHostSideListensForTheGuestSide() {
        store.create(NAME);
        VhostUserLink link = VhostUserLink.at(sockets.file("v.sock"));
        try (TestpmdInVnf host = TestpmdInVnf.launch(sockets, link.vhost(0), SAME_USERS).awaitPrompt();
                TestpmdInVnf guest = TestpmdInVnf.launch(sockets.toConnect(), link.virtioUser(0), SAME_USERS).awaitPrompt()) {
            requirePacketsBothWays(host, guest);
        }
    }

    @Test
    void theGuestSideListensInAUserNamespaceOfItsOwn() {
        store.create(NAME, FIRST_ID, FIRST_ID);
        VhostUserLink link = VhostUserLink.at(sockets.file("v.sock")).listener(Listener.VIRTIO_USER);
        try (TestpmdInVnf guest = TestpmdInVnf.launch(sockets, link.virtioUser(0), OWN_USERS)
                        .await("waiting for client connection");
                TestpmdInVnf host = TestpmdInVnf.launch(sockets, link.vhost(0), OWN_USERS).awaitPrompt()) {
            guest.awaitPrompt();
            requirePacketsBothWays(host, guest);
        }
    }

    @Test
    void twoProgramsMeetOverMemif() {
        store.create(NAME, FIRST_ID, FIRST_ID);
        MemifSocket socket = MemifSocket.at(sockets.file("m.sock"));
        DpdkPeer server = DpdkPeer.of(MemifClientSettings.to(socket, 3));
        DpdkPeer client = DpdkPeer.of(socket, MemifInterface.of(3), RingSettings.defaults()).withZeroCopy();
        try (TestpmdInVnf west = TestpmdInVnf.launch(sockets, server.arguments(0), OWN_USERS).awaitPrompt();
                TestpmdInVnf east = TestpmdInVnf.launch(sockets, client.arguments(0), OWN_USERS).awaitPrompt()) {
            requirePacketsBothWays(west, east);
        }
    }

    @Test
    void aServerOfTheHostLetsInAVnfOfAnotherUserThatCanOnlyConnect() {
        store.create(NAME);
        MemifSocket outside = new MemifSocket(store.directory(NAME).resolve("m.sock").toString(), 0666);
        try (MemifServer server = MemifServer.listen(outside, MemifInterface.of(0))) {
            String seen = InsideVnf.run(OWN_USERS.apply(InsideVnf.vnf()).with(sockets.toConnect()),
                    "python3 -c \"import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)",
                    "s.connect('" + sockets.file("m.sock") + "'); print('connected')\"",
                    "touch " + sockets.file("mine")).output();

            assertThat(seen).startsWith("connected\n").contains("Read-only file system");
        }
    }

    @Test
    void aVnfOfAnotherUserIsRefusedBeforeItFindsOut() {
        store.create(NAME, FIRST_ID, FIRST_ID);
        VhostUserLink link = VhostUserLink.at(sockets.file("v.sock"));

        assertThatThrownBy(() -> TestpmdInVnf.launch(sockets, link.vhost(0), SAME_USERS).close())
                .isInstanceOf(InvalidVnfException.class).hasMessageContaining("belongs to user " + FIRST_ID);
    }

    @Test
    void aDirectoryHoldsSocketsAndNoMore() throws Exception {
        store.create(NAME);

        assertThat(store.names()).contains(NAME);
        assertThatThrownBy(() -> store.create(NAME)).isInstanceOf(RegionException.class).hasMessageContaining("destroy it first");
        assertThatThrownBy(() -> store.destroy("none")).isInstanceOf(RegionException.class).hasMessageContaining(NAME);
        assertThat(Files.getFileStore(store.directory(NAME)).getTotalSpace()).isEqualTo(64 << 10);
        String seen = InsideVnf.run(InsideVnf.vnf().with(sockets), "stat -c '%a %u' /run/sockets/" + NAME, "ls /run/sockets",
                "head -c 100000 /dev/zero > /run/sockets/" + NAME + "/more").output();
        assertThat(seen).startsWith("711 0\n" + NAME + "\n").contains("No space left on device");
    }
}
