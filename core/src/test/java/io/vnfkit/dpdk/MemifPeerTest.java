package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.port.Device;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A memif port with an unmodified testpmd at its other end. */
@Timeout(90)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
class MemifPeerTest {

    @TempDir
    private Path directory;

    @Test
    void packetsGoToTestpmdAndComeBack() throws Exception {
        Path socket = directory.resolve("memif.sock");
        String peer = "net_memif0,role=client,id=0,rsize=10,socket-abstract=no,socket=" + socket;

        try (RoundTrip trip = RoundTrip.over(new Device.Memif(0, true, socket, 0, 10, false));
                Testpmd testpmd = Testpmd.start(directory, peer)) {
            trip.assertThatPacketsComeBackFrom(testpmd);

            assertThat(trip.core().port(RoundTrip.PORT).extendedStatistics().get("rx_good_packets")).isPositive();
        }
    }
}
