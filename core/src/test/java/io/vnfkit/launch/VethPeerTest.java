package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.testing.HostTree;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VethPeerTest {

    private static final NetworkInterface PAIR = NetworkInterface.veth("eth0", "host0");

    @TempDir
    private Path root;

    private HostTree host;

    @BeforeEach
    void makeHost() {
        host = HostTree.in(root).file("/proc/sys/kernel/random/boot_id", "first\n");
    }

    private MacAddress addressOf(String vnf, NetworkInterface networkInterface) {
        KernelFiles files = host.files();
        return VethPeer.of(files, vnf, networkInterface).orElseThrow().address();
    }

    @Test
    void anInterfaceThatIsMovedHasNoOtherEnd() {
        assertThat(VethPeer.of(host.files(), "bng", NetworkInterface.moved("tap0"))).isEmpty();
    }

    @Test
    void theAddressIsTheSameAtEachLaunch() {
        assertThat(addressOf("bng", PAIR)).isEqualTo(addressOf("bng", PAIR.address("10.0.0.1/8")));
    }

    @Test
    void theAddressTellsVnfsEndsNamespacesAndBootsApart() {
        MacAddress address = addressOf("bng", PAIR);

        assertThat(addressOf("bng2", PAIR)).isNotEqualTo(address);
        assertThat(addressOf("bng", NetworkInterface.veth("eth0", "host1"))).isNotEqualTo(address);
        assertThat(addressOf("bng", PAIR.peerIn(Path.of("/run/netns/left")))).isNotEqualTo(address);
        host.file("/proc/sys/kernel/random/boot_id", "second\n");
        assertThat(addressOf("bng", PAIR)).isNotEqualTo(address);
    }

    @Test
    void itIsWrittenInOneLineAndRead() {
        MacAddress address = MacAddress.parse("02:00:5e:10:00:07");
        VethPeer here = new VethPeer("host0", address, Optional.empty());
        VethPeer there = new VethPeer("host0", address, Optional.of(Path.of("/run/netns/a b")));

        assertThat(here).hasToString("host0 02:00:5e:10:00:07");
        assertThat(VethPeer.parse(here.toString())).isEqualTo(here);
        assertThat(VethPeer.parse(there.toString())).isEqualTo(there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host0", "host0 02:00", "host0  02:00:5e:10:00:07"})
    void otherLinesAreRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> VethPeer.parse(line));
    }
}
