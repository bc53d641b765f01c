package io.vnfkit.dpdk.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceTest {

    private static final Path SOCKET = Path.of("/run/a=b");

    @Test
    void namesAndParametersAreInTheWordsOfTheDrivers() {
        Map<Device, String> expected = Map.ofEntries(
                Map.entry(new Device.Null(0, 64, true), "net_null0,size=64,copy=1"),
                Map.entry(new Device.Loop(1), "net_ring1,"),
                Map.entry(new Device.Pcap(2, Path.of("/a"), Path.of("/b")), "net_pcap2,rx_pcap=/a,tx_pcap=/b"),
                Map.entry(new Device.AfPacket(3, "eth0", 2), "net_af_packet3,iface=eth0,qpairs=2"),
                Map.entry(new Device.Tap(4, "t0"), "net_tap4,iface=t0"),
                Map.entry(new Device.Memif(5, true, SOCKET, 7, 10, false),
                        "net_memif5,role=server,id=7,socket=/run/a=b,socket-abstract=no,rsize=10"),
                Map.entry(new Device.Memif(5, false, SOCKET, 7, 10, true),
                        "net_memif5,role=client,id=7,socket=/run/a=b,socket-abstract=no,rsize=10,zero-copy=yes"),
                Map.entry(new Device.Vhost(6, SOCKET, false, 2), "net_vhost6,iface=/run/a=b,client=0,queues=2"),
                Map.entry(new Device.VirtioUser(7, SOCKET, false, 1), "virtio_user7,path=/run/a=b,queues=1"),
                Map.entry(new Device.VirtioUser(7, SOCKET, true, 1), "virtio_user7,path=/run/a=b,queues=1,server=1"),
                Map.entry(new Device.Virtual("net_af_xdp0", "iface=eth0"), "net_af_xdp0,iface=eth0"));
        expected.forEach((device, text) -> {
            assertThat(device.name() + "," + device.parameters()).isEqualTo(text);
            assertThat(device.isMade()).isTrue();
        });
    }

    @Test
    void whatIsThereAlreadyIsNotMade() {
        Device card = new Device.Physical(PciAddress.parse("05:00.0"));
        assertThat(card.name()).isEqualTo("0000:05:00.0");
        assertThat(List.of(card, new Device.Existing("net_tap0"))).allSatisfy(device -> {
            assertThat(device.isMade()).isFalse();
            assertThat(device.parameters()).isEmpty();
        });
    }

    @Test
    void nothingCanBeginAnotherParameter() {
        for (String name : List.of("", "a,b", "a=b", "a b", "a\n", "x".repeat(64))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Existing(name));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Tap(0, name));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.AfPacket(0, name, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Virtual(name, ""));
        }
        for (Path path : List.of(Path.of("relative"), Path.of("/a,role=server"), Path.of("/a\nb"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Pcap(0, path, SOCKET));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Pcap(0, SOCKET, path));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Memif(0, true, path, 0, 10, false));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.Vhost(0, path, false, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> new Device.VirtioUser(0, path, false, 1));
        }
    }

    @Test
    void numbersAreInTheirRanges() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.Loop(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.Null(0, 13, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.AfPacket(0, "eth0", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.Memif(0, true, SOCKET, 0, 15, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.Memif(0, true, SOCKET, -1, 10, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.Vhost(0, SOCKET, false, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device.VirtioUser(0, SOCKET, false, -1));
        assertThatIllegalArgumentException().as("IFNAMSIZ").isThrownBy(() -> new Device.Tap(0, "x".repeat(16)));
        Port port = Port.of("p", new Device.Loop(0));
        assertThatIllegalArgumentException().isThrownBy(() -> port.queues(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> port.queues(1, 65));
        assertThatIllegalArgumentException().isThrownBy(() -> port.mtu(9601));
        assertThatIllegalArgumentException().isThrownBy(() -> port.descriptors(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Port.of(" ", new Device.Loop(0)));
    }
}
