package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.channel.Direction;
import io.vnfkit.dpdk.channel.TestSide;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelCheckTest {

    private static final EalResources PLENTY =
            new EalResources(Map.of(0, 0, 1, 0), Map.of(0, Bytes.gibibytes(4)));
    private static final Forwarding BOTH = Forwarding.of().channel("in", TestSide.receiver(1 << 20))
            .channel("out", TestSide.sender(2 << 20));

    private static List<String> problems(Forwarding forwarding) {
        return problems(forwarding, PLENTY);
    }

    private static List<String> problems(Forwarding forwarding, EalResources resources) {
        return ForwardingCheck.problems(forwarding, resources).stream().map(Object::toString).toList();
    }

    private static void assertOnlyProblem(Forwarding forwarding, String... parts) {
        assertThat(problems(forwarding)).singleElement().asString().contains(parts);
    }

    private static Task none(String from, String to) {
        return Task.of("none", new None()).from(Endpoint.channel(from)).to(Endpoint.channel(to));
    }

    private static Task sink(String from) {
        return Task.of("sink", new Sink(0, true)).from(Endpoint.channel(from)).on(1);
    }

    @Test
    void aReceiverIsAnInputAndASenderAnOutput() {
        assertThat(problems(BOTH.task(none("in", "out")))).isEmpty();
        assertThat(problems(BOTH.task(none("out", "in"))))
                .anySatisfy(problem -> assertThat(problem).contains("task none", "out as input", "side of the sender"))
                .anySatisfy(problem -> assertThat(problem).contains("in as output", "side of the receiver"));
    }

    @Test
    void unknownChannelsAreNamedWithTheKnownOnes() {
        assertThat(problems(BOTH.task(none("in", "other"))))
                .anySatisfy(problem -> assertThat(problem).contains("no channel other", "[in, out]"));
    }

    @Test
    void aSideHasOneUser() {
        assertOnlyProblem(BOTH.task(none("in", "out")).task(sink("in")), "channel in", "[none, sink]", "one user");
        Task twice = Task.of("none", new None()).from(Endpoint.channel("in"), Endpoint.channel("in")).to(Endpoint.channel("out"));
        assertOnlyProblem(BOTH.task(twice), "channel in", "[none, none]");
    }

    @Test
    void aSideThatNobodyUsesIsNoticed() {
        assertOnlyProblem(BOTH.task(sink("in")), "channel out", "no task sends to it");
        assertThat(problems(BOTH)).hasSize(2);
    }

    @Test
    void namesAndSidesAreGivenOnce() {
        Forwarding twoNames = BOTH.channel("again", TestSide.receiver(1 << 20)).task(none("in", "out")).task(sink("again"));
        assertOnlyProblem(twoNames, "channel again", "same side", "\"in\"");
        assertThat(problems(Forwarding.of().channel("a", TestSide.receiver(1 << 20)).channel("b", TestSide.sender(1 << 20))
                .task(none("a", "b")))).as("both sides of one channel").isEmpty();
        assertOnlyProblem(BOTH.channel("in", TestSide.receiver(3 << 20)).task(none("in", "out")), "\"in\"", "twice");
    }

    @Test
    void packetsOfAGeneratorFitTheBuffers() {
        Forwarding sender = Forwarding.of().pool(new Forwarding.Pool(0, 256, 9000)).channel("out", TestSide.sender(2 << 20));
        for (int length : new int[] {1920, 1921}) {
            Task generator = Task.of("generator",
                    Generator.of(PacketTemplate.raw(new byte[14], length), Rate.unlimited())).to(Endpoint.channel("out"));
            assertThat(problems(sender.task(generator))).hasSize(length == 1920 ? 0 : 1);
        }
    }

    @Test
    void packetsThatAreMadeInTheBuffersOfAChannelNeedNoRoomInAMempool() {
        Generator jumbo = Generator.of(PacketTemplate.raw(new byte[14], 9000), Rate.unlimited());
        Forwarding sender = Forwarding.of().channel("out", TestSide.of(Direction.SENDER, 2 << 20, 10240, 7));
        Forwarding two = sender.ring("ring", 64).task(Task.of("other", new Sink(0, true)).from(Endpoint.ring("ring")).on(1).sharing());

        assertThat(problems(sender.task(Task.of("generator", jumbo).to(Endpoint.channel("out"))))).isEmpty();
        assertOnlyProblem(two.task(Task.of("generator", jumbo).to(Endpoint.channel("out"), Endpoint.ring("ring")).sharing()),
                "do not fit into mbufs with room for 2048");
    }

    @Test
    void aPortReceivesIntoASenderWithBuffersToSpare() {
        Port port = Port.of("west", new Device.Null(0, 64, false));
        Task task = Task.of("none", new None()).from(Endpoint.port("west")).to(Endpoint.channel("out"));
        Forwarding good = Forwarding.of(port.receiveInto("out")).channel("out", TestSide.sender(2 << 20)).task(task);
        assertThat(problems(good)).isEmpty();
        assertThat(ForwardingPlan.of(good, PLENTY).toString()).contains("into channel \"out\"");
        assertOnlyProblem(Forwarding.of(port.receiveInto("x")).channel("out", TestSide.sender(2 << 20)).task(task),
                "port west", "\"x\", which is not described", "[out]");
        assertOnlyProblem(Forwarding.of(port.receiveInto("in")).channel("out", TestSide.sender(2 << 20))
                .channel("in", TestSide.receiver(1 << 20)).task(task).task(sink("in")), "side of the receiver");
        assertOnlyProblem(Forwarding.of(port.receiveInto("out").descriptors(7, 512))
                .channel("out", TestSide.sender(2 << 20)).task(task), "hold 7 buffers", "\"out\" has 7");
        assertThat(problems(Forwarding.of(port.receiveInto("out").descriptors(6, 512))
                .channel("out", TestSide.sender(2 << 20)).task(task))).isEmpty();
    }

    @Test
    void mbufsOfChannelsNeedMemory() {
        Forwarding large = Forwarding.of().channel("in", TestSide.of(Direction.RECEIVER, 1 << 20, 2048, 65535))
                .channel("out", TestSide.of(Direction.SENDER, 2 << 20, 2048, 65535)).task(none("in", "out"));
        Bytes needed = ForwardingPlan.of(large, PLENTY).memory();
        Bytes channels = MemoryNeeds.channelBytes(large, 2);

        assertThat(channels.value()).isGreaterThan(2 * 65535 * 256L);
        assertThat(needed.value()).isGreaterThan(channels.value());
        assertThat(problems(large, new EalResources(Map.of(0, 0, 1, 0), Map.of(0, needed)))).isEmpty();
        assertThat(problems(large, new EalResources(Map.of(0, 0, 1, 0), Map.of(0, Bytes.of(needed.value() - 1)))))
                .singleElement().asString().contains("tables, rings and channels");
    }

    private static Forwarding throughARing(Device device) {
        return Forwarding.of(Port.of("link", device)).channel("in", TestSide.receiver(1 << 20)).ring("between", 64)
                .task(Task.of("first", new None()).from(Endpoint.channel("in")).to(Endpoint.ring("between")).on(0))
                .task(Task.of("second", new None()).from(Endpoint.ring("between")).to(Endpoint.port("link")).on(1));
    }

    @Test
    void packetsInARegionDoNotGetToDevicesWhoseOtherSideSeesTheMemoryOfTheEalAlone() {
        Path socket = Path.of("/run/link");
        assertOnlyProblem(throughARing(new Device.VirtioUser(0, socket, false, 1)), "port link", "virtio_user0", "Device.Vhost");
        assertOnlyProblem(throughARing(new Device.Memif(0, false, socket, 0, 10, true)), "net_memif0");
        assertOnlyProblem(throughARing(new Device.Existing("net_virtio_user3")), "net_virtio_user3");
        for (Device device : List.of(new Device.Vhost(0, socket, false, 1), new Device.Memif(0, false, socket, 0, 10, false),
                new Device.Null(0, 64, true))) {
            assertThat(problems(throughARing(device))).isEmpty();
        }
        Forwarding beside = Forwarding.of(Port.of("link", new Device.VirtioUser(0, socket, false, 1)))
                .channel("out", TestSide.sender(2 << 20))
                .task(Task.of("none", new None()).from(Endpoint.port("link")).to(Endpoint.channel("out")));
        assertThat(problems(beside)).as("copied on the way").isEmpty();
        Forwarding paired = beside.channel("in", TestSide.receiver(1 << 20)).channel("on", TestSide.sender(3 << 20)).ring("r", 64)
                .task(Task.of("pairs", new None()).from(Endpoint.channel("in"), Endpoint.ring("r"))
                        .to(Endpoint.channel("on"), Endpoint.port("link")).on(1));
        assertThat(problems(paired)).as("the first input leaves by the first output").isEmpty();
    }

    @Test
    void devicesWithBuffersOfTheirOwnDoNotReceiveIntoAChannel() {
        for (Device device : List.of(new Device.VirtioUser(0, Path.of("/run/link"), false, 1),
                new Device.Virtual("net_af_xdp0", "iface=eth0"))) {
            assertOnlyProblem(Forwarding.of(Port.of("link", device).receiveInto("out"))
                            .channel("out", TestSide.sender(2 << 20))
                            .task(Task.of("none", new None()).from(Endpoint.port("link")).to(Endpoint.channel("out"))),
                    "port link", "cannot receive into", "receiveInto");
        }
        Port west = Port.of("west", new Device.Null(0, 64, false)).receiveInto("out");
        Forwarding passedOn = Forwarding.of(west, Port.of("link", new Device.VirtioUser(0, Path.of("/run/link"), false, 1)))
                .channel("out", TestSide.sender(2 << 20))
                .task(Task.of("none", new LoadBalancer(LoadBalancer.Key.FIVE_TUPLE)).from(Endpoint.port("west"))
                        .to(Endpoint.channel("out"), Endpoint.port("link")));
        assertOnlyProblem(passedOn, "port link", "memory of a channel");
    }
}
