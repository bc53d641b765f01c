package io.vnfkit.ivshmem.packet;

import static io.vnfkit.dpdk.Packets.ethernet;
import static io.vnfkit.dpdk.Packets.ipv4;
import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.Packets;
import io.vnfkit.dpdk.PcapFile;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.TestEal;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What functions make of packets in a region, byte by byte, and packets between regions and ports. */
@Timeout(150)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class ChannelFunctionsTest {

    private static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:0b");
    private static final int BUFFERS = 255;
    private static final int WAIT_FOR_ROOM = 1_000_000_000;

    private final Region region = TestRegions.make(Bytes.mebibytes(16));
    private final Region others = TestRegions.attach(region);

    @TempDir
    private Path directory;

    @AfterEach
    void detach() {
        others.close();
        region.close();
    }

    private PacketChannel channel(String name, int bufferSize) {
        return PacketChannel.create(region, name, bufferSize, BUFFERS, "test");
    }

    private static Inet4Address ip(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void send(PacketSender sender, List<byte[]> frames) {
        long[] packets = new long[frames.size()];
        assertThat(sender.claim(packets, 0, packets.length)).isEqualTo(packets.length);
        for (int i = 0; i < packets.length; i++) {
            packets[i] = sender.fill(packets[i], frames.get(i), 0, frames.get(i).length);
        }
        assertThat(sender.send(packets, 0, packets.length)).isEqualTo(packets.length);
    }

    private static List<byte[]> receive(PacketReceiver receiver) {
        List<byte[]> frames = new ArrayList<>();
        long[] packets = new long[32];
        byte[] bytes = new byte[Descriptor.MAX_LENGTH];
        int count = receiver.receive(packets, 0, packets.length);
        for (int i = 0; i < count; i++) {
            frames.add(Arrays.copyOf(bytes, receiver.copy(packets[i], bytes, 0)));
        }
        receiver.release(packets, 0, count);
        return frames;
    }

    private static List<String> hex(List<byte[]> frames) {
        return frames.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static byte[] addressed(byte[] frame) {
        System.arraycopy(NEIGHBOUR.octets(), 0, frame, 0, 6);
        System.arraycopy(OWN.octets(), 0, frame, 6, 6);
        return frame;
    }

    /** Java sends, a function forwards to two channels, Java receives both; nothing is copied and every buffer comes back. */
    private List<List<byte[]>> forward(List<byte[]> frames, NetworkFunction function, Consumer<ForwardingCore> tables,
            Map<DropReason, Long> drops) {
        channel("in", 2048);
        channel("west", 2048);
        channel("east", 2048);
        Forwarding forwarding = Forwarding.of().routes(RouteTable.ipv4("routes", 10)).subscribers("subscribers", 10)
                .channel("in", PacketChannel.open(region, "in").forwardingReceiver())
                .channel("west", PacketChannel.open(region, "west").forwardingSender())
                .channel("east", PacketChannel.open(region, "east").forwardingSender())
                .task(Task.of("function", function).from(Endpoint.channel("in"))
                        .to(Endpoint.channel("west"), Endpoint.channel("east")).on(1).transmitTries(WAIT_FOR_ROOM));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding);
                PacketSender sender = PacketChannel.open(others, "in").sender();
                PacketReceiver west = PacketChannel.open(others, "west").receiver();
                PacketReceiver east = PacketChannel.open(others, "east").receiver()) {
            tables.accept(core);
            core.startTasks();
            send(sender, frames);
            List<List<byte[]>> received = List.of(new ArrayList<>(), new ArrayList<>());
            long expected = frames.size() - drops.values().stream().mapToLong(Long::longValue).sum();
            Await.until("packets", () -> {
                received.get(0).addAll(receive(west));
                received.get(1).addAll(receive(east));
                return received.get(0).size() + received.get(1).size() >= expected;
            });
            Await.until("buffers", () -> {
                long[] all = new long[BUFFERS];
                int claimed = sender.claim(all, 0, BUFFERS);
                sender.unclaim(all, 0, claimed);
                return claimed == BUFFERS;
            });
            TaskStatistics counted = core.task("function").statistics();
            assertThat(counted.copied()).isZero();
            assertThat(counted.drops()).isEqualTo(drops);
            return received;
        }
    }

    @Test
    void l3ForwardRoutesWhereThePacketsLie() {
        List<List<byte[]>> received = forward(
                List.of(ethernet(0x0800, ipv4("10.1.0.1", "10.2.3.4", 64, 100)),
                        ethernet(0x0800, ipv4("10.1.0.1", "10.9.3.4", 64, 100)),
                        ethernet(0x0800, ipv4("10.1.0.1", "10.3.3.4", 9, 1400))),
                new L3Forward(Optional.of("routes"), Optional.empty(), true), core -> {
                    core.routes("routes").put(IpPrefix.parse("10.2.0.0/16"), NextHop.via(0, NEIGHBOUR, OWN));
                    core.routes("routes").put(IpPrefix.parse("10.3.0.0/16"), NextHop.via(1, NEIGHBOUR, OWN));
                }, Map.of(DropReason.NO_ROUTE, 1L));

        assertThat(hex(received.get(0)))
                .isEqualTo(hex(List.of(addressed(ethernet(0x0800, ipv4("10.1.0.1", "10.2.3.4", 63, 100))))));
        assertThat(hex(received.get(1)))
                .isEqualTo(hex(List.of(addressed(ethernet(0x0800, ipv4("10.1.0.1", "10.3.3.4", 8, 1400))))));
    }

    @Test
    void theBngPutsItsHeadersInFrontOfPacketsInARegion() {
        List<byte[]> frames = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int payload = 0; payload < 1400; payload += 7) {
            frames.add(Packets.qinq(100, 200, ipv4("10.1.0.1", "10.2.3.4", 64, payload)));
            expected.add(addressed(Packets.tunnelled(1234, "192.0.2.1", "192.0.2.2", 0x01020304,
                    ipv4("10.1.0.1", "10.2.3.4", 63, payload))));
        }
        List<List<byte[]>> received = forward(frames, new BngUpstream("subscribers", "routes", true), core -> {
            core.subscribers("subscribers").put(new Subscriber(100, 200, 0x01020304, Packets.HOST, 0));
            core.routes("routes").put(IpPrefix.parse("10.2.0.0/16"), NextHop.via(1, NEIGHBOUR, OWN)
                    .through(new CoreTunnel(ip("192.0.2.1"), ip("192.0.2.2"), 1234)));
        }, Map.of());

        assertThat(received.get(0)).isEmpty();
        assertThat(hex(received.get(1))).isEqualTo(hex(expected));
    }

    @Test
    void aBalancerKeepsAFlowTogether() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            frames.add(ethernet(0x0800, ipv4("10.1.0." + i % 50, "10.2.3.4", 64, i)));
        }
        List<List<byte[]>> received =
                forward(frames, new LoadBalancer(LoadBalancer.Key.FIVE_TUPLE), core -> { }, Map.of());

        assertThat(received.get(0)).isNotEmpty();
        assertThat(received.get(1)).isNotEmpty();
        List<Integer> flowsOfWest = received.get(0).stream().map(frame -> (int) frame[29]).toList();
        List<Integer> flowsOfEast = received.get(1).stream().map(frame -> (int) frame[29]).toList();
        assertThat(flowsOfWest).doesNotContainAnyElementsOf(flowsOfEast);
        assertThat(hex(received.stream().flatMap(List::stream).toList())).containsExactlyInAnyOrderElementsOf(hex(frames));
    }

    private static List<byte[]> randomFrames(int count, int longest) {
        Random random = new Random(count);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[60 + random.nextInt(longest - 60 + 1)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        return frames;
    }

    @Test
    void packetsOfAPortInSeveralSegmentsAreCopiedTogether() throws IOException {
        List<byte[]> frames = randomFrames(200, 9000);
        PcapFile.write(directory.resolve("in.pcap"), frames);
        Forwarding forwarding = Forwarding.of(
                        Port.of("file", new Device.Pcap(0, directory.resolve("in.pcap"), directory.resolve("out.pcap"))))
                .pool(new Forwarding.Pool(0, 256, 1024))
                .channel("out", channel("jumbo", 10240).forwardingSender())
                .task(Task.of("none", new None()).from(Endpoint.port("file")).to(Endpoint.channel("out")).on(1)
                        .transmitTries(WAIT_FOR_ROOM));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding);
                PacketReceiver receiver = PacketChannel.open(others, "jumbo").receiver()) {
            long full = core.availableMbufs();
            core.startTasks();
            List<byte[]> received = new ArrayList<>();
            Await.until("packets", () -> received.addAll(receive(receiver)) && received.size() >= 200);
            core.stopTasks();
            assertThat(hex(received)).isEqualTo(hex(frames));
            assertThat(core.task("none").statistics().copied()).isEqualTo(200);
            assertThat(core.availableMbufs()).isEqualTo(full);
        }
    }

    @Test
    void aPortReceivesIntoTheBuffersOfAChannel() throws IOException {
        List<byte[]> frames = randomFrames(250, 1900);
        PcapFile.write(directory.resolve("in.pcap"), frames);
        Device file = new Device.Pcap(0, directory.resolve("in.pcap"), directory.resolve("out.pcap"));
        Forwarding forwarding = Forwarding.of(Port.of("file", file).receiveInto("out"))
                .channel("out", channel("direct", 2048).forwardingSender())
                .task(Task.of("none", new None()).from(Endpoint.port("file")).to(Endpoint.channel("out")).on(1)
                        .transmitTries(WAIT_FOR_ROOM));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding);
                PacketReceiver receiver = PacketChannel.open(others, "direct").receiver()) {
            core.startTasks();
            List<byte[]> received = new ArrayList<>();
            Await.until("packets", () -> received.addAll(receive(receiver)) && received.size() >= 250);
            Await.until("buffers", () -> core.channel("out").information().freeBuffers() == BUFFERS);
            assertThat(hex(received)).isEqualTo(hex(frames));
            assertThat(core.task("none").statistics().copied()).isZero();
        }
    }

    @Test
    void whatIsLongerThanABufferIsDroppedAndCounted() throws IOException {
        List<byte[]> frames = randomFrames(200, 4000);
        PcapFile.write(directory.resolve("in.pcap"), frames);
        Forwarding forwarding = Forwarding.of(
                        Port.of("file", new Device.Pcap(0, directory.resolve("in.pcap"), directory.resolve("out.pcap"))))
                .channel("out", channel("short", 2048).forwardingSender())
                .task(Task.of("none", new None()).from(Endpoint.port("file")).to(Endpoint.channel("out")).on(1));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding);
                PacketReceiver receiver = PacketChannel.open(others, "short").receiver()) {
            core.startTasks();
            List<byte[]> fitting = frames.stream().filter(frame -> frame.length <= 1920).toList();
            List<byte[]> received = new ArrayList<>();
            Await.until("packets", () -> received.addAll(receive(receiver)) && received.size() >= fitting.size());
            Await.until("drops", () -> core.task("none").statistics().dropped() == 200 - fitting.size());
            assertThat(hex(received)).isEqualTo(hex(fitting));
            assertThat(core.task("none").statistics().drops()).containsOnlyKeys(DropReason.TOO_BIG);
        }
    }

    @Test
    void aPortSendsPacketsOutOfARegion() throws IOException {
        List<byte[]> frames = randomFrames(200, 1500);
        PcapFile.write(directory.resolve("in.pcap"), List.of());
        Path out = directory.resolve("out.pcap");
        channel("in", 2048);
        Forwarding forwarding = Forwarding.of(Port.of("file", new Device.Pcap(0, directory.resolve("in.pcap"), out)))
                .channel("in", PacketChannel.open(region, "in").forwardingReceiver())
                .task(Task.of("none", new None()).from(Endpoint.channel("in")).to(Endpoint.port("file")).on(1));
        try (PacketSender sender = PacketChannel.open(others, "in").sender()) {
            try (ForwardingCore core = ForwardingCore.start(TestEal.get(), forwarding)) {
                core.startTasks();
                send(sender, frames);
                Await.until("packets", () -> core.task("none").statistics().sent() == 200);
            }
            long[] all = new long[BUFFERS];
            assertThat(sender.claim(all, 0, BUFFERS)).as("what was sent is back").isEqualTo(BUFFERS);
        }
        assertThat(hex(PcapFile.read(out))).isEqualTo(hex(frames));
    }
}
