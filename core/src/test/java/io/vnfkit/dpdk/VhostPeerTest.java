package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.port.Device;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both sides of vhost-user, each with an unmodified testpmd as the other one, and with both ways of making the socket. */
@Timeout(90)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
class VhostPeerTest {

    @TempDir
    private Path directory;

    private Path socket() {
        return directory.resolve("vhost.sock");
    }

    @Test
    void aHostThatListensServesTheGuestThatConnects() throws Exception {
        try (RoundTrip trip = RoundTrip.over(new Device.Vhost(0, socket(), false, 1));
                Testpmd guest = Testpmd.start(directory, "net_virtio_user0,queues=1,path=" + socket())) {
            trip.assertThatPacketsComeBackFrom(guest);
        }
    }

    @Test
    void aHostThatConnectsServesTheGuestThatListens() throws Exception {
        try (Testpmd guest = Testpmd.start(directory, "net_virtio_user0,queues=1,server=1,path=" + socket());
                RoundTrip trip = RoundTrip.over(new Device.Vhost(0, socket(), true, 1))) {
            trip.assertThatPacketsComeBackFrom(guest);
        }
    }

    @Test
    void aGuestThatConnectsIsServedByTheHostThatListens() throws Exception {
        try (Testpmd host = Testpmd.start(directory, "net_vhost0,queues=1,iface=" + socket())) {
            awaitSocket(host);
            try (RoundTrip trip = RoundTrip.over(new Device.VirtioUser(0, socket(), false, 1))) {
                trip.assertThatPacketsComeBackFrom(host);
            }
        }
    }

    @Test
    void aGuestThatListensIsServedByTheHostThatConnects() throws Exception {
        try (Testpmd host = Testpmd.start(directory, "net_vhost0,queues=1,client=1,iface=" + socket());
                RoundTrip trip = RoundTrip.over(new Device.VirtioUser(0, socket(), true, 1))) {
            trip.assertThatPacketsComeBackFrom(host);
        }
    }

    private void awaitSocket(Testpmd host) throws IOException {
        while (!Files.exists(socket())) {
            assertThat(host.isAlive()).as(host.log()).isTrue();
            Thread.onSpinWait();
        }
    }
}
