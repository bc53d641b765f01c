package io.vnfkit.ivshmem.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.ivshmem.DpdkArguments;
import io.vnfkit.ivshmem.SharedSockets;
import io.vnfkit.ivshmem.memif.DpdkPeer;
import io.vnfkit.ivshmem.memif.MemifInterface;
import io.vnfkit.ivshmem.memif.MemifSocket;
import io.vnfkit.ivshmem.memif.RingSettings;
import io.vnfkit.ivshmem.vhost.VhostUserLink.Listener;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VhostUserLinkTest {

    private final VhostUserLink link = VhostUserLink.at(SharedSockets.named("west-east").file("v.sock"));

    @Test
    void theHostSideListensAndTheGuestSideGivesItsMemoryInOneFile() {
        assertThat(link.vhost(0).cmdline())
                .isEqualTo("--vdev=net_vhost0,iface=/run/sockets/west-east/v.sock,client=0,queues=1");
        assertThat(link.virtioUser(2).cmdline())
                .isEqualTo("--vdev=virtio_user2,path=/run/sockets/west-east/v.sock,queues=1 --single-file-segments");
    }

    @Test
    void theOtherWayRoundTheGuestSideListens() {
        VhostUserLink turned = link.listener(Listener.VIRTIO_USER).queues(4);

        assertThat(turned.vhost(1).vdev()).isEqualTo("net_vhost1,iface=/run/sockets/west-east/v.sock,client=1,queues=4");
        assertThat(turned.virtioUser(0).words())
                .containsExactly("--vdev=virtio_user0,path=/run/sockets/west-east/v.sock,queues=4,server=1",
                        "--single-file-segments");
    }

    @Test
    void theyAreAddedToTheArgumentsOfAVnf() {
        EalArguments both = link.virtioUser(1).addTo(link.virtioUser(0).addTo(EalArguments.fromGrant().noTelemetry()));

        assertThat(both.words()).containsExactly("--no-telemetry",
                "--vdev=virtio_user0,path=/run/sockets/west-east/v.sock,queues=1",
                "--vdev=virtio_user1,path=/run/sockets/west-east/v.sock,queues=1", "--single-file-segments");
    }

    @Test
    void pathsAreQuotedForAShell() {
        assertThat(VhostUserLink.at(Path.of("/run/it's here")).vhost(0).cmdline())
                .isEqualTo("'--vdev=net_vhost0,iface=/run/it'\\''s here,client=0,queues=1'");
    }

    @Test
    void aClientOfMemifNeedsOneFileForZeroCopyAlone() {
        DpdkPeer client = DpdkPeer.of(MemifSocket.at(Path.of("/run/m.sock")), MemifInterface.of(0).secret("geheim"),
                RingSettings.defaults());

        assertThat(client.arguments(0).options()).isEmpty();
        assertThat(client.withZeroCopy().arguments(0).words()).hasSize(2).endsWith("--single-file-segments");
        assertThat(client.arguments(0).vdev()).isEqualTo(client.vdev(0)).contains("geheim");
        DpdkArguments arguments = client.arguments(0);
        assertThat(arguments.toString()).contains("net_memif0").doesNotContain("geheim");
    }

    @Test
    void whatNoDeviceCanHaveIsRefused() {
        assertThatThrownBy(() -> link.queues(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> link.queues(65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VhostUserLink.at(Path.of("v.sock"))).hasMessageContaining("absolute");
        assertThatThrownBy(() -> VhostUserLink.at(Path.of("/run/a,b"))).hasMessageContaining("no comma");
    }
}
