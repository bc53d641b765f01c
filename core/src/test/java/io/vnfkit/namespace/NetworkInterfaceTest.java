package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkInterfaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "sixteen-letters!", "a/b", "a:b", "a b", "a\tb", "ü", "a\0"})
    void namesThatTheKernelRefusesAreRefused(String name) {
        assertThatThrownBy(() -> NetworkInterface.moved(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NetworkInterface.veth("eth0", name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NetworkInterface.moved("eth0").as(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a name for a network interface");
    }

    @Test
    void aPairIsDescribedStepByStep() {
        NetworkInterface pair = NetworkInterface.veth("eth0", "host0").address("10.0.0.2/24").withMtu(1400)
                .peerIn(Path.of("/run/netns/left")).peerAddress("10.0.0.1/24");

        assertThat(pair).isEqualTo(new NetworkInterface("eth0",
                new NetworkInterface.Veth("host0", Optional.of(Path.of("/run/netns/left")),
                List.of(InterfaceAddress.parse("10.0.0.1/24"))),
                List.of(InterfaceAddress.parse("10.0.0.2/24")), Optional.of(1400)));
    }

    @Test
    void aMovedInterfaceHasNoOtherEnd() {
        assertThatThrownBy(() -> NetworkInterface.moved("eth0").peerAddress("10.0.0.1/8"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no other end");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 67, 65536})
    void sizesOutsideOfIpAreRefused(int octets) {
        assertThatThrownBy(() -> NetworkInterface.moved("eth0").withMtu(octets))
                .hasMessageContaining("is not in 68..65535");
    }

    @Test
    void offsetsOfClocksAreWrittenAsTheKernelWantsThem() {
        TimeOffsets offsets = new TimeOffsets(java.time.Duration.ofMillis(-1500), java.time.Duration.ofDays(1));

        assertThat(offsets.toFile()).isEqualTo("monotonic -2 500000000\nboottime 86400 0\n");
    }
}
