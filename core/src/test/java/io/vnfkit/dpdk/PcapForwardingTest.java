package io.vnfkit.dpdk;

import static io.vnfkit.dpdk.Packets.ethernet;
import static io.vnfkit.dpdk.Packets.ipv4;
import static io.vnfkit.dpdk.Packets.ipv6;
import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packets from one capture file through a function into another: what comes out is compared byte by byte. */
@Timeout(60)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class PcapForwardingTest {

    private static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:0b");

    /** Two such names exceed the 127 characters that DPDK's hotplug takes. */
    private static final String LONG_NAME = "capture-".repeat(8);

    @TempDir
    private Path directory;

    private List<byte[]> output;
    private TaskStatistics statistics;

    /** Sends all packets through a function and waits until each was sent or dropped. */
    private void forward(
            List<byte[]> packets, NetworkFunction function, Consumer<ForwardingCore> tables) throws IOException {
        Path in = directory.resolve(LONG_NAME + "in.pcap");
        Path out = directory.resolve(LONG_NAME + "out.pcap");
        PcapFile.write(in, packets);
        Forwarding forwarding = Forwarding.of(Port.of("file", new Device.Pcap(0, in, out)))
                .routes(RouteTable.ipv4("v4", 100)).routes(RouteTable.ipv6("v6", 100)).subscribers("subscribers", 100)
                .task(Task.of("function", function).from(Endpoint.port("file")).to(Endpoint.port("file")).on(1));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            long full = core.availableMbufs();
            tables.accept(core);
            core.startTasks();
            do {
                statistics = core.task("function").statistics();
                Thread.onSpinWait();
            } while (statistics.sent() + statistics.dropped() < packets.size());
            core.stopTasks();
            assertThat(core.availableMbufs()).isEqualTo(full);
        }
        output = PcapFile.read(out);
    }

    private static NextHop hop() {
        return NextHop.via(0, NEIGHBOUR, OWN);
    }

    private void route(List<byte[]> packets) throws IOException {
        route(packets, new L3Forward(Optional.of("v4"), Optional.of("v6"), true).forAnyStation());
    }

    private void route(List<byte[]> packets, L3Forward function) throws IOException {
        forward(packets, function, core -> {
            core.routes("v4").put(IpPrefix.parse("10.2.0.0/16"), hop());
            core.routes("v6").put(IpPrefix.parse("fd02::/16"), hop());
        });
    }

    private static byte[] routed(byte[] ip) {
        byte[] frame = ethernet(ip[0] >> 4 == 4 ? 0x0800 : 0x86dd, ip);
        System.arraycopy(NEIGHBOUR.octets(), 0, frame, 0, 6);
        System.arraycopy(OWN.octets(), 0, frame, 6, 6);
        return frame;
    }

    @Test
    void whatIsRoutedHasNewAddressesAndOneHopLess() throws IOException {
        route(List.of(ethernet(0x0800, ipv4("10.1.0.1", "10.2.3.4", 64, 100)),
                ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 64, 100)), ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.0", 2, 1400))));

        assertThat(output).containsExactly(routed(ipv4("10.1.0.1", "10.2.3.4", 63, 100)),
                routed(ipv6("fd01::1", "fd02::1", 63, 100)), routed(ipv4("10.1.0.1", "10.2.0.0", 1, 1400)));
    }

    @Test
    void whatIsBehindAPacketDoesNotGetPastTheMtuAndPaddingStays() throws IOException {
        byte[] small = ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 0));
        byte[] longest = ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 1500 - 28));
        byte[] longestOfSix = ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 64, 1500 - 40));

        route(List.of(Arrays.copyOf(small, 60), Arrays.copyOf(small, 1800), Arrays.copyOf(longest, 1518), longestOfSix,
                ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 1501 - 28)),
                ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 64, 1501 - 40))));

        byte[] padded = Arrays.copyOf(routed(ipv4("10.1.0.1", "10.2.0.1", 63, 0)), 60);
        assertThat(output).containsExactly(padded, padded, routed(ipv4("10.1.0.1", "10.2.0.1", 63, 1500 - 28)),
                routed(ipv6("fd01::1", "fd02::1", 63, 1500 - 40)));
        assertThat(statistics.drops()).isEqualTo(Map.of(DropReason.TOO_BIG, 2L));
    }

    /** The driver gives its ports addresses that it counts up, and cannot be given one. */
    private MacAddress nextAddress() throws IOException {
        Path in = directory.resolve("none.pcap");
        PcapFile.write(in, List.of());
        Forwarding forwarding =
                Forwarding.of(Port.of("file", new Device.Pcap(0, in, directory.resolve("nothing.pcap"))));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
            byte[] octets = core.port("file").information().mac().octets();
            octets[5]++;
            return MacAddress.of(octets);
        }
    }

    private static byte[] to(MacAddress destination, byte[] frame) {
        System.arraycopy(destination.octets(), 0, frame, 0, 6);
        return frame;
    }

    @Test
    void onlyFramesToTheAddressOfThePortAreRouted() throws IOException {
        MacAddress own = nextAddress();
        List<byte[]> packets = new ArrayList<>();
        for (int bit = 0; bit < 48; bit++) {
            byte[] other = own.octets();
            other[bit / 8] ^= (byte) (0x80 >> bit % 8);
            packets.add(to(MacAddress.of(other), ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 40))));
        }
        packets.add(to(own, ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 40))));
        packets.add(ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 64, 40)));
        packets.add(to(own, ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 64, 40))));
        packets.add(ethernet(0x0806, new byte[46]));

        route(packets, new L3Forward(Optional.of("v4"), Optional.of("v6"), true));

        assertThat(output).containsExactly(
                routed(ipv4("10.1.0.1", "10.2.0.1", 63, 40)), routed(ipv6("fd01::1", "fd02::1", 63, 40)));
        assertThat(statistics.drops()).isEqualTo(Map.of(DropReason.OTHER_HOST, 49L, DropReason.MULTICAST, 1L));
    }

    @Test
    void whatIsNotRoutedIsCountedByReason() throws IOException {
        byte[] badChecksum = ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 40));
        badChecksum[24] ^= 1;
        byte[] cutOff = ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 40));
        cutOff[17] = 120;
        cutOff[24] = 0;
        byte[] toAll = ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 64, 40));
        toAll[0] = (byte) 0xff;

        route(List.of(badChecksum, cutOff, toAll, ethernet(0x0806, new byte[46]),
                ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 1, 40)), ethernet(0x0800, ipv4("10.1.0.1", "10.2.0.1", 0, 40)),
                ethernet(0x0800, ipv4("10.1.0.1", "10.3.0.1", 64, 40)), ethernet(0x0800, ipv4("127.0.0.1", "10.2.0.1", 64, 40)),
                ethernet(0x86dd, ipv6("fd01::1", "fd02::1", 1, 40)), ethernet(0x86dd, ipv6("fe80::1", "fd02::1", 64, 40))));

        assertThat(output).isEmpty();
        assertThat(statistics.drops()).isEqualTo(Map.of(DropReason.IP_CHECKSUM, 1L, DropReason.TRUNCATED, 1L,
                DropReason.MULTICAST, 1L, DropReason.ETHERTYPE, 1L, DropReason.TTL, 3L, DropReason.NO_ROUTE, 1L,
                DropReason.MARTIAN, 2L));
    }

    private static Inet4Address ip(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void subscribe(ForwardingCore core) {
        core.subscribers("subscribers").put(new Subscriber(100, 200, 0x01020304, Packets.HOST, 0));
    }

    @Test
    void theBngPutsASubscribersPacketsIntoItsTunnel() throws IOException {
        byte[] padded = new byte[64];
        byte[] small = Packets.qinq(100, 200, ipv4("10.1.0.1", "10.2.3.4", 64, 0));
        System.arraycopy(small, 0, padded, 0, small.length);

        byte[] twiceQ = Packets.qinq(100, 200, ipv4("10.1.0.1", "10.2.3.4", 64, 50));
        twiceQ[12] = (byte) 0x81;
        twiceQ[13] = 0;

        forward(List.of(Packets.qinq(100, 200, ipv4("10.1.0.1", "10.2.3.4", 64, 100)), padded, twiceQ,
                Packets.qinq(100, 201, ipv4("10.1.0.1", "10.2.3.4", 64, 100)),
                ethernet(0x0800, ipv4("10.1.0.1", "10.2.3.4", 64, 100))),
                new BngUpstream("subscribers", "v4", true), core -> {
                    subscribe(core);
                    core.routes("v4").put(IpPrefix.parse("10.2.0.0/16"),
                            hop().through(new CoreTunnel(ip("192.0.2.1"), ip("192.0.2.2"), 1234)));
                });

        List<byte[]> expected = new ArrayList<>();
        for (int payload : new int[] {100, 0, 50}) {
            byte[] frame = Packets.tunnelled(1234, "192.0.2.1", "192.0.2.2", 0x01020304,
                    ipv4("10.1.0.1", "10.2.3.4", 63, payload));
            System.arraycopy(NEIGHBOUR.octets(), 0, frame, 0, 6);
            System.arraycopy(OWN.octets(), 0, frame, 6, 6);
            expected.add(frame);
        }
        assertThat(output).hasSize(3);
        assertThat(HexFormat.of().formatHex(output.get(2))).isEqualTo(HexFormat.of().formatHex(expected.get(2)));
        assertThat(HexFormat.of().formatHex(output.get(0))).isEqualTo(HexFormat.of().formatHex(expected.get(0)));
        assertThat(HexFormat.of().formatHex(output.get(1))).isEqualTo(HexFormat.of().formatHex(expected.get(1)));
        assertThat(statistics.drops()).isEqualTo(Map.of(DropReason.NO_SUBSCRIBER, 1L, DropReason.VLAN_TAGS, 1L));
    }

    @Test
    void theBngTakesThemOutAgain() throws IOException {
        forward(List.of(Packets.tunnelled(1234, "192.0.2.2", "192.0.2.1", 0x01020304, ipv4("10.2.3.4", "10.1.0.1", 64, 100)),
                Packets.tunnelled(1234, "192.0.2.2", "192.0.2.1", 5, ipv4("10.2.3.4", "10.1.0.1", 64, 100)),
                Packets.tunnelled(1234, "192.0.2.2", "192.0.2.9", 0x01020304, ipv4("10.2.3.4", "10.1.0.1", 64, 100))),
                new BngDownstream("subscribers", Optional.of(ip("192.0.2.1")), 0x88a8, true),
                PcapForwardingTest::subscribe);

        assertThat(output).hasSize(1);
        byte[] expected = Packets.qinq(100, 200, ipv4("10.2.3.4", "10.1.0.1", 63, 100));
        System.arraycopy(Packets.HOST.octets(), 0, expected, 0, 6);
        // The source is the address of the port, which the driver chooses.
        System.arraycopy(output.get(0), 6, expected, 6, 6);
        assertThat(HexFormat.of().formatHex(output.get(0))).isEqualTo(HexFormat.of().formatHex(expected));
        assertThat(statistics.drops()).isEqualTo(Map.of(DropReason.NO_SUBSCRIBER, 1L, DropReason.TUNNEL, 1L));
    }

    @Test
    @RequiresCommand(value = "tcpdump", debianPackage = "tcpdump")
    void tcpdumpSeesWhatTheBngMeant() throws Exception {
        theBngPutsASubscribersPacketsIntoItsTunnel();

        Process tcpdump = new ProcessBuilder("tcpdump", "-nevvr", directory.resolve(LONG_NAME + "out.pcap").toString())
                .redirectErrorStream(true).start();
        String decoded = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tcpdump.waitFor()).as(decoded).isZero();
        assertThat(decoded).contains("label 1234", "192.0.2.1 > 192.0.2.2", "GREv0", "key=0x1020304",
                "10.1.0.1.1000 > 10.2.3.4.2000").doesNotContain("bad cksum");
    }
}
