package io.vnfkit.ivshmem.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.TestEal;
import io.vnfkit.dpdk.channel.ChannelInformation;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.Side;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.MacAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A forwarding core between Java and Java, in regions on ordinary pages. Needs DPDK, but neither root nor hugepages. */
@Timeout(150)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class ForwardingChannelTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");
    private static final int BUFFERS = 1023;
    private static final int FOR_EVER = 1_000_000_000;

    private final Region region = TestRegions.make(Bytes.mebibytes(64));
    /** What the other processes have. */
    private final Region others = TestRegions.attach(region);

    @AfterEach
    void detach() {
        others.close();
        region.close();
    }

    private PacketChannel channel(String name) {
        return channel(name, 2048, BUFFERS);
    }

    private PacketChannel channel(String name, int bufferSize, int buffers) {
        PacketChannel.create(region, name, bufferSize, buffers, "test");
        return PacketChannel.open(region, name);
    }

    private PacketChannel other(String name) {
        return PacketChannel.open(others, name);
    }

    private static Task l2forward() {
        return Task.of("l2fwd", new L2Forward(new MacRule.Set(A), new MacRule.Set(B))).from(Endpoint.channel("in"))
                .to(Endpoint.channel("out")).on(1).transmitTries(FOR_EVER);
    }

    private Forwarding between() {
        return Forwarding.of().channel("in", channel("in").forwardingReceiver())
                .channel("out", channel("out").forwardingSender()).task(l2forward());
    }

    private static ForwardingCore start(Forwarding forwarding) {
        return ForwardingCore.start(TestEal.get(), forwarding);
    }

    private static byte[] frame(int number, int longest) {
        Random random = new Random(number);
        byte[] frame = new byte[14 + random.nextInt(longest - 14 + 1)];
        random.nextBytes(frame);
        return frame;
    }

    private static byte[] rewritten(byte[] frame) {
        byte[] changed = frame.clone();
        System.arraycopy(B.octets(), 0, changed, 0, 6);
        System.arraycopy(A.octets(), 0, changed, 6, 6);
        return changed;
    }

    private static int send(PacketSender sender, int from, int to) {
        long[] packets = new long[32];
        int count = sender.claim(packets, 0, Math.min(32, to - from));
        for (int i = 0; i < count; i++) {
            byte[] frame = frame(from + i, sender.maxLength());
            packets[i] = sender.fill(packets[i], frame, 0, frame.length);
        }
        int sent = sender.send(packets, 0, count);
        sender.unclaim(packets, sent, count - sent);
        return sent;
    }

    /** Sends so many packets in Java and receives them in Java, each byte of each compared. */
    private static void passThrough(PacketSender sender, PacketReceiver receiver, int packets) {
        long[] arrived = new long[32];
        byte[] bytes = new byte[Descriptor.MAX_LENGTH];
        int sent = 0;
        int received = 0;
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (received < packets) {
            sent += send(sender, sent, packets);
            int count = receiver.receive(arrived, 0, 32);
            for (int i = 0; i < count; i++) {
                int length = receiver.copy(arrived[i], bytes, 0);
                assertThat(Arrays.copyOf(bytes, length)).as("packet " + (received + i))
                        .isEqualTo(rewritten(frame(received + i, sender.maxLength())));
            }
            receiver.release(arrived, 0, count);
            received += count;
            assertThat(System.nanoTime()).as("%d of %d packets", received, packets).isLessThan(deadline);
        }
    }

    private static void assertAllBack(PacketSender sender) {
        long[] all = new long[BUFFERS];
        Await.until("all buffers are back", () -> {
            int claimed = sender.claim(all, 0, BUFFERS);
            sender.unclaim(all, 0, claimed);
            return claimed == BUFFERS;
        });
        assertThat(sender.pending()).isZero();
    }

    private static void assertEmpty(ForwardingCore core, String sender) {
        ChannelInformation information = core.channel(sender).information();
        assertThat(information).isEqualTo(new ChannelInformation(0, 0, false, BUFFERS));
    }

    @Test
    void javaToL2ForwardToJavaWithEveryByteAndEveryBuffer() {
        Forwarding forwarding = between();
        assertThat(ForwardingCore.plan(TestEal.get(), forwarding).toString())
                .contains("receiver of channel \"in\", 1023 buffers of 2048 bytes: \"in\" in region \"test\"")
                .contains("sender of channel \"out\"", "from [channel in] to [channel out]");

        try (ForwardingCore core = start(forwarding); PacketSender sender = other("in").sender();
                PacketReceiver receiver = other("out").receiver()) {
            assertThat(core.channel("in").isPeerPresent()).isTrue();
            core.startTasks();
            passThrough(sender, receiver, 20_000);
            assertAllBack(sender);
            Await.until("the last ones are taken back", () -> core.channel("out").information().inFlight() == 0);
            core.stopTasks();

            TaskStatistics counted = core.task("l2fwd").statistics();
            assertThat(counted.sent()).isEqualTo(20_000);
            assertThat(counted.copied()).as("packets stay where they are").isZero();
            assertThat(counted.drops()).isEmpty();
            assertEmpty(core, "out");
        }
        assertThat(region.isTaken(channelObject("in"), Side.CONSUMER)).isFalse();
        assertThat(region.isTaken(channelObject("out"), Side.PRODUCER)).isFalse();
    }

    private RegionObject channelObject(String name) {
        return region.find(name).orElseThrow();
    }

    @Test
    void jumboFramesPassInLargerBuffers() {
        channel("in", 10240, BUFFERS);
        channel("out", 2048, BUFFERS);
        Forwarding forwarding = Forwarding.of().channel("in", other("in").forwardingReceiver())
                .channel("out", other("out").forwardingSender()).task(l2forward());

        try (ForwardingCore core = start(forwarding); PacketSender sender = PacketChannel.open(region, "in").sender();
                PacketReceiver receiver = PacketChannel.open(region, "out").receiver()) {
            core.startTasks();
            // Longer than the buffers of the channel that they leave by: they do not lie in those.
            passThrough(sender, receiver, 2000);
            assertAllBack(sender);
            assertThat(core.task("l2fwd").statistics().copied()).isZero();
        }
    }

    @Test
    void aSideHasOneUser() {
        Forwarding forwarding = between();
        try (ForwardingCore core = start(forwarding)) {
            assertThatThrownBy(() -> other("in").receiver()).isInstanceOf(RegionException.class);
            assertThatThrownBy(() -> other("out").sender()).isInstanceOf(RegionException.class);
            assertThatThrownBy(() -> start(forwarding)).isInstanceOf(RegionException.class)
                    .hasMessageContaining("has a CONSUMER already");
        }
        PacketReceiver receiver = other("in").receiver();
        assertThatThrownBy(() -> start(forwarding)).isInstanceOf(RegionException.class);
        assertThat(region.isTaken(channelObject("out"), Side.PRODUCER)).as("given up after the failure").isFalse();
        receiver.close();
        start(forwarding).close();
    }

    @Test
    void aGeneratorWritesIntoTheChannelAndNothingIsLost() {
        Generator generator = Generator.of(PacketTemplate.raw(new byte[14], 60), Rate.unlimited());
        PacketChannel middle = channel("middle");
        Forwarding forwarding = Forwarding.of()
                .channel("to", middle.forwardingSender()).channel("from", middle.forwardingReceiver())
                .channel("on", channel("on").forwardingSender()).channel("end", other("on").forwardingReceiver())
                .task(Task.of("generator", new Generator(generator.templates(), Rate.unlimited(), 20_000, 7, 1))
                        .to(Endpoint.channel("to")).on(1).transmitTries(FOR_EVER))
                .task(Task.of("none", new None()).from(Endpoint.channel("from")).to(Endpoint.channel("on")).on(2)
                        .transmitTries(FOR_EVER))
                .task(Task.of("sink", new Sink(7, false)).from(Endpoint.channel("end")).on(3));

        try (ForwardingCore core = start(forwarding)) {
            core.startTasks();
            Await.until("all packets", () -> core.task("sink").statistics().received() == 20_000);
            assertThat(core.task("sink").statistics().lost()).isZero();
            assertThat(core.task("sink").statistics().reordered()).isZero();
            for (String task : List.of("generator", "none", "sink")) {
                assertThat(core.task(task).statistics().drops()).isEmpty();
                assertThat(core.task(task).statistics().copied()).isZero();
            }
            Await.until("all back", () -> core.channel("to").information().inFlight() == 0);
            core.stopTasks();
            assertEmpty(core, "to");
            assertEmpty(core, "on");
        }
    }

    @Test
    void whatAPortTakesIsCopiedOnceUnlessItReceivesIntoTheChannel() {
        Device device = new Device.Null(0, 64, false);
        for (boolean into : new boolean[] {false, true}) {
            String name = "into-" + into;
            Port port = Port.of("port", device);
            Forwarding forwarding = Forwarding.of(into ? port.receiveInto("out") : port)
                    .channel("out", channel(name).forwardingSender())
                    .task(Task.of("none", new None()).from(Endpoint.port("port")).to(Endpoint.channel("out")).on(1));
            try (ForwardingCore core = start(forwarding); PacketReceiver receiver = other(name).receiver()) {
                core.startTasks();
                long[] packets = new long[64];
                for (int received = 0; received < 10_000;) {
                    int count = receiver.receive(packets, 0, 64);
                    for (int i = 0; i < count; i++) {
                        assertThat(receiver.packet(packets[i]).remaining()).isEqualTo(64);
                    }
                    receiver.release(packets, 0, count);
                    received += count;
                }
                core.stopTasks();
                TaskStatistics counted = core.task("none").statistics();
                assertThat(counted.copied()).isEqualTo(into ? 0 : counted.sent());
                if (into) {
                    assertThat(counted.drops()).as("without a buffer, nothing is received").isEmpty();
                } else {
                    assertThat(counted.drops()).containsOnlyKeys(DropReason.OUTPUT_FULL);
                }
                receiver.release(packets, 0, receiver.receive(packets, 0, 64));
            }
        }
    }

    @Test
    void theSenderRecoversWhatADeadReceiverHad() {
        try (ForwardingCore core = start(between()); PacketSender sender = other("in").sender()) {
            core.startTasks();
            PacketReceiver first = other("out").receiver();
            send(sender, 0, 30);
            Await.until("packets", () -> core.task("l2fwd").statistics().sent() == 30);
            first.receive(new long[10], 0, 10);
            core.task("l2fwd").stop();
            assertThat(core.channel("out").recover()).as("the receiver is there").isZero();
            core.task("l2fwd").start();
            first.close();

            assertThat(core.channel("out").isPeerPresent()).isFalse();
            assertThatThrownBy(() -> other("out").receiver()).hasMessageContaining("the sender has to recover them");
            assertThatIllegalStateException().isThrownBy(() -> core.channel("out").recover())
                    .withMessageContaining("task \"l2fwd\"").withMessageContaining("stop it");
            assertThatIllegalStateException().isThrownBy(() -> core.channel("in").recover())
                    .withMessageContaining("is a receiver");
            core.task("l2fwd").stop();
            assertThat(core.channel("out").recover()).isEqualTo(30);
            core.task("l2fwd").start();

            assertAllBack(sender);
            try (PacketReceiver next = other("out").receiver()) {
                passThrough(sender, next, 1000);
            }
        }
    }

    @Test
    void aClosedCoreLeavesWhatTheNextProcessHasToIt() {
        Forwarding forwarding = between();
        try (PacketSender sender = other("in").sender()) {
            long[] held = new long[10];
            PacketReceiver receiver;
            try (ForwardingCore core = start(forwarding)) {
                receiver = other("out").receiver();
                core.startTasks();
                send(sender, 0, 10);
                Await.until("packets", () -> core.task("l2fwd").statistics().sent() == 10);
                assertThat(receiver.receive(held, 0, 10)).isEqualTo(10);
            }
            assertThatThrownBy(() -> start(forwarding)).isInstanceOf(RegionException.class)
                    .hasMessageContaining("the sender has to recover them");
            assertThat(sender.recover()).isEqualTo(10);
            assertThatThrownBy(() -> start(forwarding)).isInstanceOf(RegionException.class)
                    .hasMessageContaining("packets of an earlier sender");
            receiver.release(held, 0, 10);
            try (ForwardingCore core = start(forwarding)) {
                core.startTasks();
                passThrough(sender, receiver, 1000);
            }
            receiver.close();
        }
    }

    @Test
    void emptyPacketsAreDroppedAndGoBack() {
        try (ForwardingCore core = start(between()); PacketSender sender = other("in").sender()) {
            core.startTasks();
            long[] packet = new long[1];
            sender.claim(packet, 0, 1);
            sender.send(packet, 0, 1);
            Await.until("a drop", () -> core.task("l2fwd").statistics().dropped(DropReason.DESCRIPTOR) == 1);
            assertAllBack(sender);
        }
    }

    @Test
    void nothingOfAClosedCoreUsesItsChannels() {
        ForwardingCore core = start(between());
        var channel = core.channel("out");
        core.close();
        assertThatIllegalStateException().isThrownBy(channel::information).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(channel::recover);
        assertThatIllegalStateException().isThrownBy(channel::isPeerPresent);
    }
}
