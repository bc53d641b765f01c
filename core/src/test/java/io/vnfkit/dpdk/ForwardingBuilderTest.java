package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.binding.RecordingForwarder;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.channel.TestSide;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.port.RunningPort;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.Routes;
import io.vnfkit.dpdk.table.Subscribers;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.MacAddress;
import java.util.ArrayList;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForwardingBuilderTest {

    private static final EalResources RESOURCES = new EalResources(Map.of(0, 0, 1, 0, 2, 1),
            Map.of(0, Bytes.gibibytes(8), 1, Bytes.gibibytes(8)));

    private static final Forwarding EVERYTHING = Forwarding.of(
                    Port.of("made", new Device.Null(0, 64, false)).mac(new MacAddress(0x020000000001L)),
                    Port.of("there", new Device.Existing("net_tap0")))
            .ring("load", 64).routes(RouteTable.ipv4("fib", 10)).subscribers("customers", 10)
            .task(Task.of("generator", Generator.of(PacketTemplate.raw(new byte[14], 60), Rate.unlimited()))
                    .to(Endpoint.ring("load")).on(0))
            .task(Task.of("l3fwd", new L3Forward(Optional.of("fib"), Optional.empty(), true))
                    .from(Endpoint.ring("load")).to(Endpoint.port("made")).on(1))
            .task(Task.of("sink", new Sink(0, true)).from(Endpoint.port("there")).on(2));

    private final RecordingForwarder record = new RecordingForwarder();

    private ForwardingCore start() {
        return ForwardingCore.start(record.forwarder(), ForwardingPlan.of(EVERYTHING, RESOURCES));
    }

    private static List<String> names(List<String> calls) {
        return calls.stream().map(call -> call.substring(0, call.indexOf('('))).toList();
    }

    @Test
    void whatIsUsedIsMadeBeforeWhatUsesIt() {
        try (ForwardingCore core = start()) {
            assertThat(names(record.calls())).containsExactly("createPool", "createPool",
                    "plugDevice", "configurePort", "setPortMac", "startPort", "setPortPromiscuous",
                    "configurePort", "startPort", "setPortPromiscuous",
                    "createRing", "createNextHops", "createRoutes", "createSubscribers",
                    "watchLcore", "watchLcore", "watchLcore", "createTask", "createTask", "createTask");
            assertThat(record.calls("createRing")).singleElement().asString().endsWith("64,0,true,true)");
            assertThat(record.calls("plugDevice")).containsExactly("plugDevice(net_null0,size=64,copy=0)");
            assertThat(core.ports()).hasSize(2);
        }
    }

    private void answerPromiscuousWith(int errno) {
        record.answer("setPortPromiscuous", arguments -> {
            throw new DpdkException("promiscuous", errno, "");
        });
    }

    @Test
    void aPortWithoutAPromiscuousModeIsUsedAsItIs() {
        answerPromiscuousWith(95);
        start().close();

        answerPromiscuousWith(5);
        assertThatThrownBy(this::start).isInstanceOf(DpdkException.class).hasMessageContaining("EIO");
    }

    @Test
    void closingGivesEverythingBackInReverse() {
        ForwardingCore core = start();
        core.startTasks();
        int made = record.calls().size();
        core.close();

        assertThat(names(record.calls().subList(made, record.calls().size()))).containsExactly(
                "stopTask", "freeTask", "stopTask", "freeTask", "stopTask", "freeTask",
                "watchLcore", "watchLcore", "watchLcore",
                "freeSubscribers", "freeRoutes", "freeNextHops", "drainRing", "freeRing",
                "stopPort", "stopPort", "unplugDevice", "freePool", "freePool");
        int after = record.calls().size();
        core.close();
        assertThat(record.calls()).hasSize(after);
    }

    @Test
    void whatAPortThatWasThereBeforeStillHasIsAskedForAndItsMempoolOutlivesTheCore() {
        ForwardingCore core = start();
        record.answer("availableInPool", arguments -> record.calls("releasePort").isEmpty() ? 1000L : Long.MAX_VALUE);
        int made = record.calls().size();
        core.close();

        List<String> closing = record.calls().subList(made, record.calls().size());
        assertThat(names(closing)).endsWith("stopPort", "stopPort", "unplugDevice", "releasePort", "freePool", "freePool");
        // The handle after the pools (0, 1) and the port that is made (2).
        assertThat(record.calls("releasePort")).containsExactly("releasePort(3)");
    }

    @Test
    void aMempoolThatADriverKeepsMbufsOfIsNotFreed() {
        ForwardingCore core = start();
        record.answer("availableInPool", arguments -> (int) arguments[0] == 0 ? 1000L : Long.MAX_VALUE);
        core.close();

        assertThat(record.calls("retirePool")).containsExactly("retirePool(0)");
        assertThat(record.calls("freePool")).containsExactly("freePool(1)");
    }

    @Test
    void aMempoolOfPortsThatAreGoneIsFreedWhateverTheyHad() {
        Forwarding made = Forwarding.of(Port.of("made", new Device.Null(0, 64, false)))
                .task(Task.of("sink", new Sink(0, true)).from(Endpoint.port("made")).on(0));
        record.answer("availableInPool", arguments -> 1000L);
        ForwardingCore.start(record.forwarder(), ForwardingPlan.of(made, RESOURCES)).close();

        assertThat(names(record.calls())).endsWith("stopPort", "unplugDevice", "freePool");
        assertThat(record.calls("releasePort")).isEmpty();
    }

    @Test
    void whateverStepFailsWhatWasMadeBeforeIsGivenBack() {
        try (ForwardingCore core = start()) {
            assertThat(core.plan().forwarding()).isEqualTo(EVERYTHING);
        }
        int steps = names(record.calls()).lastIndexOf("createTask") + 1;
        for (int step = 0; step < steps; step++) {
            RecordingForwarder refusing = new RecordingForwarder();
            refusing.refuse(step);
            ForwardingPlan plan = ForwardingPlan.of(EVERYTHING, RESOURCES);
            assertThatThrownBy(() -> ForwardingCore.start(refusing.forwarder(), plan))
                    .as("step " + step).isInstanceOf(DpdkException.class).hasNoSuppressedExceptions();
            assertBalanced(refusing.calls(), step);
        }
    }

    private static void assertBalanced(List<String> calls, int failed) {
        List<String> made = names(calls.subList(0, failed));
        List<String> freed = names(calls.subList(failed + 1, calls.size()));
        Map<String, String> opposites = Map.of("createPool", "freePool", "plugDevice", "unplugDevice", "startPort",
                "stopPort", "createRing", "freeRing", "createNextHops", "freeNextHops", "createRoutes", "freeRoutes",
                "createSubscribers", "freeSubscribers", "watchLcore", "watchLcore", "createTask", "freeTask");
        List<String> expected = new ArrayList<>();
        for (int i = made.size() - 1; i >= 0; i--) {
            if (opposites.containsKey(made.get(i))) {
                expected.add(opposites.get(made.get(i)));
            }
        }
        assertThat(freed.stream().filter(name -> !name.equals("drainRing")).toList())
                .as("after " + calls.get(failed)).isEqualTo(expected);
    }

    @Test
    void aFailureToGiveBackHidesNeitherItselfNorTheOthers() {
        ForwardingCore core = start();
        record.answer("freeRing", arguments -> {
            throw new DpdkException("free ring", 16, "");
        });
        record.answer("stopPort", arguments -> {
            throw new DpdkException("stop port", 16, "");
        });

        assertThatThrownBy(core::close).hasMessageContaining("free ring")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
        assertThat(names(record.calls())).endsWith("unplugDevice", "freePool", "freePool");
    }

    @Test
    void tasksAreStartedFromTheLastAndStoppedFromTheFirst() {
        try (ForwardingCore core = start()) {
            core.startTasks();
            core.startTasks();
            assertThat(core.task("sink").isRunning()).isTrue();
            core.stopTasks();
            core.stopTasks();
            assertThat(core.task("sink").isRunning()).isFalse();
        }
        assertThat(record.calls("startTask")).hasSize(3);
        assertThat(record.calls("startTask").get(0)).endsWith(",2)");
        assertThat(record.calls("startTask").get(2)).endsWith(",0)");
    }

    @Test
    void onlyAGeneratorHasARate() {
        try (ForwardingCore core = start()) {
            core.task("generator").setRate(Rate.packetsPerSecond(1000));
            assertThat(record.calls("setGeneratorRate")).singleElement().asString().endsWith(",1,1000)");
            assertThatIllegalStateException().isThrownBy(() -> core.task("sink").setRate(Rate.unlimited()))
                    .withMessageContaining("\"sink\" is no generator");
        }
    }

    @Test
    void aTaskOfAClosedCoreCannotBeStarted() {
        ForwardingCore core = start();
        RunningTask task = core.task("generator");
        core.close();

        assertThatIllegalStateException().isThrownBy(task::start).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> task.setRate(Rate.unlimited()));
        assertThat(record.calls("startTask")).isEmpty();
    }

    @Test
    void nothingOfAClosedCoreUsesItsHandles() {
        ForwardingCore core = start();
        Routes routes = core.routes("fib");
        Subscribers subscribers = core.subscribers("customers");
        RunningPort port = core.port("made");
        core.close();
        int calls = record.calls().size();

        assertThatIllegalStateException().isThrownBy(() -> routes.remove(IpPrefix.parse("10.0.0.0/8")));
        assertThatIllegalStateException().isThrownBy(subscribers::size);
        assertThatIllegalStateException().isThrownBy(port::information).withMessageContaining("\"made\"");
        assertThatIllegalStateException().isThrownBy(port::statistics);
        assertThatIllegalStateException().isThrownBy(port::extendedStatistics);
        assertThatIllegalStateException().isThrownBy(port::resetStatistics);
        assertThatIllegalStateException().isThrownBy(() -> port.setPromiscuous(true));
        assertThatIllegalStateException().isThrownBy(() -> port.setMac(new MacAddress(0x020000000002L)));
        assertThatIllegalStateException().isThrownBy(() -> core.inject("load", new byte[60], 1))
                .withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(core::availableMbufs);
        assertThat(record.calls()).hasSize(calls);
    }

    @Test
    void theEalStaysForAsLongAsACoreIsOpen() {
        Eal eal = Eal.start(record.forwarder(), Syscalls.host(), List.of());
        ForwardingCore core = start();

        assertThatIllegalStateException().isThrownBy(eal::close).withMessageContaining("forwarding core is open");
        assertThat(record.calls("stopEal")).isEmpty();
        core.close();
        eal.close();
        assertThat(record.calls("stopEal")).hasSize(1);
    }

    @Test
    void packetsAreNotInjectedBesideTheOneTaskThatFillsARing() {
        try (ForwardingCore core = start()) {
            core.inject("load", new byte[60], 3);
            core.task("generator").start();
            assertThatIllegalStateException().isThrownBy(() -> core.inject("load", new byte[60], 3))
                    .withMessageContaining("\"generator\"");
            core.task("generator").stop();
            core.inject("load", new byte[60], 3);
        }
        assertThat(record.calls("fillRing")).hasSize(2);
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        try (ForwardingCore core = start()) {
            assertThatIllegalArgumentException().isThrownBy(() -> core.task("x")).withMessageContaining("generator");
            assertThatIllegalArgumentException().isThrownBy(() -> core.port("x")).withMessageContaining("made");
            assertThatIllegalArgumentException().isThrownBy(() -> core.routes("x")).withMessageContaining("fib");
            assertThatIllegalArgumentException().isThrownBy(() -> core.subscribers("x"))
                    .withMessageContaining("customers");
            assertThatIllegalArgumentException().isThrownBy(() -> core.inject("x", new byte[60], 1))
                    .withMessageContaining("load");
        }
    }

    private static Forwarding channels(TestSide in, TestSide out) {
        return Forwarding.of(Port.of("made", new Device.Null(0, 64, false)).receiveInto("out"),
                        Port.of("there", new Device.Existing("net_tap0")).receiveInto("out"))
                .channel("out", out).channel("in", in)
                .task(Task.of("none", new None()).from(Endpoint.port("made"), Endpoint.port("there"), Endpoint.channel("in"))
                        .to(Endpoint.channel("out")).on(1));
    }

    @Test
    void channelsAreThereBeforePortsAndReceiversBeforeSenders() {
        TestSide in = TestSide.receiver(1 << 20);
        TestSide out = TestSide.sender(2 << 20);
        record.answer("poolOfChannel", arguments -> 1000 + (int) arguments[0]);
        ForwardingCore core = ForwardingCore.start(record.forwarder(), ForwardingPlan.of(channels(in, out), RESOURCES));

        assertThat(names(record.calls())).containsExactly("createPool", "openChannel", "openChannel",
                "plugDevice", "configurePort", "startPort", "setPortPromiscuous",
                "configurePort", "startPort", "setPortPromiscuous", "createNextHops", "watchLcore", "createTask");
        assertThat(core.channel("in").handle()).isEqualTo(1);
        assertThat(core.channel("out").handle()).isEqualTo(2);
        assertThat(in.events()).containsExactly("take");
        int made = record.calls().size();
        core.close();
        assertThat(record.calls().subList(made, record.calls().size())).startsWith("freeTask(6)")
                .containsSubsequence("stopPort(4)", "stopPort(3)", "unplugDevice(net_null0)", "releasePort(4)",
                        "closeChannel(2)", "closeChannel(1)", "freePool(0)");
        assertThat(in.events()).containsExactly("take", "close");
        assertThat(out.events()).containsExactly("take", "close");
    }

    @Test
    void whatFailsOnTheWayGivesTheSidesUp() {
        TestSide in = TestSide.receiver(1 << 20);
        TestSide out = TestSide.sender(2 << 20);
        out.refuse(new IllegalStateException("another process is the sender"));
        ForwardingPlan plan = ForwardingPlan.of(channels(in, out), RESOURCES);
        assertThatThrownBy(() -> ForwardingCore.start(record.forwarder(), plan)).hasMessageContaining("another process");
        assertThat(in.events()).containsExactly("take", "close");

        TestSide free = TestSide.sender(2 << 20);
        RecordingForwarder refusing = new RecordingForwarder();
        refusing.refuse(2);
        ForwardingPlan other = ForwardingPlan.of(channels(in, free), RESOURCES);
        assertThatThrownBy(() -> ForwardingCore.start(refusing.forwarder(), other)).isInstanceOf(DpdkException.class);
        assertThat(free.events()).containsExactly("take", "close");
        assertThat(names(refusing.calls())).containsExactly(
                "createPool", "openChannel", "openChannel", "closeChannel", "freePool");
    }

    @Test
    void aSideThatADriverHasPacketsOfIsNotGivenUp() {
        TestSide in = TestSide.receiver(1 << 20);
        TestSide out = TestSide.sender(2 << 20);
        record.answer("closeChannel", arguments -> (int) arguments[0] == 1);
        ForwardingCore.start(record.forwarder(), ForwardingPlan.of(channels(in, out), RESOURCES)).close();

        assertThat(in.events()).containsExactly("take", "close");
        assertThat(out.events()).containsExactly("take");
    }

    @Test
    void aPortThatWasThereBeforeGivesPacketsBackBeforeTheChannelTheyLieInIsClosed() {
        Forwarding forwarding = Forwarding.of(Port.of("there", new Device.Existing("net_tap0")))
                .channel("in", TestSide.receiver(1 << 20))
                .task(Task.of("none", new None()).from(Endpoint.channel("in")).to(Endpoint.port("there")).on(1));
        for (long packets : new long[] {0, 3}) {
            RecordingForwarder driver = new RecordingForwarder();
            driver.answer("channelInfo", arguments -> ((ByteBuffer) arguments[1]).putLong(0, packets));
            ForwardingCore.start(driver.forwarder(), ForwardingPlan.of(forwarding, RESOURCES)).close();

            List<String> end = names(driver.calls()).stream()
                    .filter(call -> call.matches("stopPort|releasePort|closeChannel")).toList();
            assertThat(end).isEqualTo(packets == 0 ? List.of("stopPort", "closeChannel")
                    : List.of("stopPort", "releasePort", "closeChannel"));
        }
    }

    @Test
    void aChannelOfAClosedCoreIsClosedOnce() {
        ForwardingCore core = ForwardingCore.start(record.forwarder(), ForwardingPlan.of(
                channels(TestSide.receiver(1 << 20), TestSide.sender(2 << 20)), RESOURCES));
        RunningChannel channel = core.channel("in");
        core.close();
        int calls = record.calls().size();
        channel.close();

        assertThat(record.calls()).hasSize(calls);
        assertThatIllegalStateException().isThrownBy(channel::information).withMessageContaining("closed");
    }

    @Test
    void aSenderRecoversWhenItsTaskStandsAndNobodyReceives() {
        TestSide out = TestSide.sender(2 << 20);
        record.answer("restartChannel", arguments -> 5L);
        try (ForwardingCore core = ForwardingCore.start(
                record.forwarder(), ForwardingPlan.of(channels(TestSide.receiver(1 << 20), out), RESOURCES))) {
            RunningChannel channel = core.channel("out");
            core.startTasks();
            assertThatIllegalStateException().isThrownBy(channel::recover).withMessageContaining("\"none\"");
            core.stopTasks();
            assertThat(channel.isPeerPresent()).isFalse();
            assertThat(channel.recover()).isEqualTo(5);
            out.peer(true);
            assertThat(channel.recover()).isZero();
            assertThatIllegalStateException().isThrownBy(() -> core.channel("in").recover());
            assertThatIllegalArgumentException().isThrownBy(() -> core.channel("x")).withMessageContaining("out");
        }
        assertThat(record.calls("restartChannel")).containsExactly("restartChannel(2)");
    }
}
