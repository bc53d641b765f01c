package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.examples.NothingLeft;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * None, l2fwd and l3fwd, each in a VNF of its own: what goes in on one side comes out on the other, right in every byte,
 * its manager sees from outside what became of each packet, and at the end nothing is left.
 */
@Tag("root")
@RequiresRoot
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand("nsenter")
@RequiresCommand("python3")
@RequiresFreeHugepages(count = 32)
@ExtendWith(NothingLeft.class)
@Timeout(120)
class FunctionsInVnfIT {

    private static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");
    private static final int ARP = 0x0806;
    private static final Packet IPV4 = Ipv4Header.packet("IPv4", h -> { });
    /** No function but l3fwd looks at what is wrong here. */
    private static final List<Packet> ANYTHING = List.of(IPV4,
            Ipv4Header.packet("as long as the MTU", h -> h.payload = counting(1480)),
            Ipv4Header.packet("wrong checksum", h -> h.checksumError = 1),
            Ipv4Header.packet("time to live 0", h -> h.timeToLive = 0),
            Ipv6Header.packet("IPv6", h -> { }),
            new Packet("unknown Ethernet type", 0x88b5, counting(46)),
            new Packet("nothing but a header", 0x88b5, new byte[0]));

    @TempDir
    private Path shared;

    private Ends ends;

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @BeforeEach
    void makeEnds() {
        ends = Ends.make("vnfkit-it-ends-f");
    }

    @AfterEach
    void removeEnds() {
        ends.close();
    }

    @Test
    void noneMovesEveryByteOfAnyFrame() throws IOException {
        try (FunctionVnf vnf = FunctionVnf.between("none", ends, new VnfFunction.None(), shared)) {
            ends.linksUp();
            try (Wires wires = Wires.of(ends)) {
                vnf.settle(wires, true);
                for (Packet packet : ANYTHING) {
                    byte[] frame = packet.frame(STRANGER, Ends.SENDER);
                    wires.send(Ends.LEFT, frame);
                    wires.expect(Ends.RIGHT, frame);
                    wires.send(Ends.RIGHT, frame);
                    wires.expect(Ends.LEFT, frame);
                }
                assertForwarded(vnf, VnfFunction.None.TASK, 2 * ANYTHING.size(), Map.of());
                assertNothingMore(wires);
                Assertions.assertThatThrownBy(() -> vnf.control().put(IpPrefix.parse("10.0.0.0/8"),
                                NextHop.via(0, STRANGER, STRANGER)))
                        .isInstanceOf(IOException.class).hasMessageContaining("this function has no routes of IPv4");
            }
            vnf.end();
        }
    }

    @Test
    void l2fwdGivesEachDirectionItsMacAddresses() throws IOException {
        VnfFunction l2fwd = new VnfFunction.L2Forward(List.of(Ends.SENDER, Ends.NEIGHBOUR));
        try (FunctionVnf vnf = FunctionVnf.between("l2fwd", ends, l2fwd, shared)) {
            ends.linksUp();
            MacAddress left = vnf.mac("left");
            MacAddress right = vnf.mac("right");
            try (Wires wires = Wires.of(ends)) {
                vnf.settle(wires, true);
                for (Packet packet : ANYTHING) {
                    wires.send(Ends.LEFT, packet.frame(left, Ends.SENDER));
                    wires.expect(Ends.RIGHT, packet.frame(Ends.NEIGHBOUR, right));
                    wires.send(Ends.RIGHT, packet.frame(STRANGER, Ends.NEIGHBOUR));
                    wires.expect(Ends.LEFT, packet.frame(Ends.SENDER, left));
                }
                assertForwarded(vnf, VnfFunction.L2Forward.task("left"), ANYTHING.size(), Map.of());
                assertForwarded(vnf, VnfFunction.L2Forward.task("right"), ANYTHING.size(), Map.of());
                assertNothingMore(wires);
            }
            vnf.end();
        }
    }

    @Test
    void l3fwdRoutesBothFamiliesBothWays() throws IOException {
        try (FunctionVnf vnf = FunctionVnf.between("router", ends, new VnfFunction.L3Forward(), shared)) {
            ends.linksUp();
            MacAddress left = vnf.mac("left");
            MacAddress right = vnf.mac("right");
            try (Wires wires = Wires.of(ends)) {
                vnf.settle(wires, false);
                byte[] frame = IPV4.frame(left, Ends.SENDER);
                vnf.expectDrop(wires, Ends.LEFT, frame, DropReason.NO_ROUTE);
                NextHop toRight = NextHop.via(1, Ends.NEIGHBOUR, right);
                vnf.control().put(IpPrefix.parse("198.51.100.0/24"), toRight);
                vnf.control().put(IpPrefix.parse("2001:db8:2::/48"), toRight);
                vnf.control().put(IpPrefix.parse("0.0.0.0/0"), NextHop.via(0, Ends.SENDER, left));

                wires.send(Ends.LEFT, frame);
                wires.expect(Ends.RIGHT, Ipv4Header.packet("routed", h -> h.timeToLive = 63).frame(Ends.NEIGHBOUR, right));
                Packet ipv6 = Ipv6Header.packet("IPv6", h -> h.destination = "2001:db8:2::7");
                wires.send(Ends.LEFT, ipv6.frame(left, Ends.SENDER));
                byte[] routed = ipv6.frame(Ends.NEIGHBOUR, right);
                routed[14 + 7]--;
                wires.expect(Ends.RIGHT, routed);
                wires.send(Ends.RIGHT, Ipv4Header.packet("back", h -> h.destination = "192.0.2.1")
                        .frame(right, Ends.NEIGHBOUR));
                wires.expect(Ends.LEFT, Ipv4Header.packet("back", h -> {
                    h.destination = "192.0.2.1";
                    h.timeToLive = 63;
                }).frame(Ends.SENDER, left));

                dropHostilePackets(vnf, wires, left);
                vnf.control().remove(IpPrefix.parse("0.0.0.0/0"));
                vnf.control().remove(IpPrefix.parse("198.51.100.0/24"));
                vnf.expectDrop(wires, Ends.LEFT, frame, DropReason.NO_ROUTE);

                assertForwarded(vnf, VnfFunction.L3Forward.TASK, 3, Map.of(DropReason.NO_ROUTE, 2L,
                        DropReason.IP_CHECKSUM, 1L, DropReason.TTL, 1L, DropReason.TRUNCATED, 1L, DropReason.MARTIAN, 1L,
                        DropReason.ETHERTYPE, 1L, DropReason.MULTICAST, 1L, DropReason.IP_VERSION, 1L));
                assertNothingMore(wires);
            }
            vnf.end();
        }
    }

    private static void dropHostilePackets(FunctionVnf vnf, Wires wires, MacAddress left) throws IOException {
        record Hostile(Packet packet, DropReason reason) {}

        for (Hostile hostile : List.of(
                new Hostile(Ipv4Header.packet("checksum", h -> h.checksumError = 1), DropReason.IP_CHECKSUM),
                new Hostile(Ipv4Header.packet("time to live", h -> h.timeToLive = 1), DropReason.TTL),
                new Hostile(Ipv4Header.packet("cut off", h -> h.totalLength = 100), DropReason.TRUNCATED),
                new Hostile(Ipv4Header.packet("loopback", h -> h.source = "127.0.0.1"), DropReason.MARTIAN),
                new Hostile(Ipv4Header.packet("version", h -> h.version = 6), DropReason.IP_VERSION),
                new Hostile(new Packet("ARP", ARP, new byte[28]), DropReason.ETHERTYPE))) {
            vnf.expectDrop(wires, Ends.LEFT, hostile.packet().frame(left, Ends.SENDER), hostile.reason());
        }
        byte[] toAll = IPV4.frame(left, Ends.SENDER);
        Arrays.fill(toAll, 0, 6, (byte) 0xff);
        vnf.expectDrop(wires, Ends.LEFT, toAll, DropReason.MULTICAST);
    }

    private static void assertForwarded(FunctionVnf vnf, String task, long sent, Map<DropReason, Long> drops) {
        // A packet is at the other end a moment before it is counted.
        vnf.await("all packets are counted", () -> vnf.counted(task).sent() >= sent);
        TaskStatistics counted = vnf.counted(task);
        assertThat(counted.sent()).isEqualTo(sent);
        assertThat(counted.drops()).isEqualTo(drops);
        assertThat(counted.received()).isEqualTo(sent + counted.dropped());
    }

    private static void assertNothingMore(Wires wires) throws IOException {
        assertThat(wires.left(Ends.LEFT)).isEmpty();
        assertThat(wires.left(Ends.RIGHT)).isEmpty();
    }
}
