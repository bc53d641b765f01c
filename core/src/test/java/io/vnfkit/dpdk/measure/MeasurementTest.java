package io.vnfkit.dpdk.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.unit.MacAddress;
import io.vnfkit.dpdk.TestEal;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.LatencyStatistics;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Measures real packets on a real EAL, without root and hugepages. The rates say nothing; the counters must agree. */
@Timeout(120)
class MeasurementTest {

    private static final Timing SHORT = new Timing(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(200));
    private static final List<String> SINK = List.of("sink");

    private static PacketTemplate frames(int length) {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:0a");
        try {
            Inet4Address address = (Inet4Address) InetAddress.getByName("10.0.0.1");
            return PacketTemplate.udp(mac, mac, address, address, length);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Generator, a ring, the function none, a ring, sink. All on one lcore: two CPUs may have to do for all tests. */
    private static Forwarding chain(Generator generator, Sink sink) {
        return Forwarding.of().ring("in", 8192).ring("out", 8192)
                .task(Task.of("generator", generator).to(Endpoint.ring("in")).on(1).sharing())
                .task(Task.of("none", new None()).from(Endpoint.ring("in")).to(Endpoint.ring("out")).on(1).sharing())
                .task(Task.of("sink", sink).from(Endpoint.ring("out")).on(1).sharing());
    }

    private static Forwarding chain(int frameLength) {
        return chain(new Generator(List.of(frames(frameLength)), Rate.packetsPerSecond(1), 0, 7, 1), new Sink(7, false));
    }

    @Test
    void theThroughputOfAChainOfRingsIsMoreThanZeroAndItsCountersAgree() throws InterruptedException {
        List<TrialResult> heard = new ArrayList<>();
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), chain(64))) {
            long full = core.availableMbufs();
            ThroughputResult result = ThroughputTest.upTo(100_000).resolution(0.1).timing(SHORT)
                    .onTrial((trial, passed) -> heard.add(trial)).measure(core, "generator", SINK);

            assertThat(result.best()).isPresent();
            TrialResult best = result.best().get();
            assertThat(best.received()).isEqualTo(best.sent()).isPositive();
            assertThat(result.framesPerSecond()).isPositive();
            assertThat(result.trials()).isEqualTo(heard);
            assertThat(result.frameLength()).isEqualTo(64);
            assertThat(core.task("sink").statistics().received())
                    .isGreaterThanOrEqualTo(heard.stream().mapToLong(TrialResult::received).sum());
            assertThat(core.task("generator").isRunning()).isFalse();
            assertThat(core.task("none").isRunning()).isTrue();
            core.stopTasks();
            assertThat(core.availableMbufs()).isEqualTo(full);
        }
    }

    @Test
    void framesThatAreLostAreCountedToTheLast() throws InterruptedException {
        // Every second burst goes to the null device.
        Forwarding lossy = Forwarding.of(Port.of("null", new Device.Null(0, 64, false))).ring("way", 8192)
                .task(Task.of("generator", new Generator(List.of(frames(64)), Rate.unlimited(), 0, 7, 1))
                        .to(Endpoint.ring("way"), Endpoint.port("null")).on(1).sharing())
                .task(Task.of("sink", new Sink(7, false)).from(Endpoint.ring("way")).on(1).sharing());
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), lossy)) {
            ThroughputResult result =
                    ThroughputTest.upTo(10_000).resolution(0.5).timing(SHORT).measure(core, "generator", SINK);
            assertThat(result.best()).isEmpty();
            assertThat(core.port("null").statistics().sent())
                    .isGreaterThanOrEqualTo(result.trials().stream().mapToLong(TrialResult::lost).sum());
            assertThat(result.trials()).isNotEmpty().allSatisfy(trial -> {
                assertThat(trial.sent()).isPositive();
                assertThat(trial.lost()).isPositive().isLessThan(trial.sent());
            });
        }
    }

    @Test
    void framesThatAreUnderWayWhenTheGeneratorStopsAreCounted() throws InterruptedException {
        // The middle takes one frame where the generator makes 32, so that the ring is full at the end.
        Forwarding slow = Forwarding.of().ring("in", 8192).ring("out", 8192)
                .task(Task.of("generator", new Generator(List.of(frames(64)), Rate.unlimited(), 0, 7, 1))
                        .to(Endpoint.ring("in")).on(1).sharing())
                .task(Task.of("none", new None()).from(Endpoint.ring("in")).to(Endpoint.ring("out")).on(1).burst(1)
                        .sharing())
                .task(Task.of("sink", new Sink(7, false)).from(Endpoint.ring("out")).on(1).sharing());
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), slow)) {
            Timing once = new Timing(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(500));
            ThroughputResult result =
                    ThroughputTest.upTo(1_000_000_000).resolution(1).timing(once).measure(core, "generator", SINK);

            assertThat(result.trials()).hasSize(1);
            TrialResult trial = result.trials().get(0);
            assertThat(trial.isGeneratorShort()).isTrue();
            assertThat(trial.lost()).isPositive();
            core.stopTasks();
            assertThat(trial.sent()).isEqualTo(core.task("generator").statistics().received());
            assertThat(trial.received()).isEqualTo(core.task("sink").statistics().received());
            assertThat(trial.lost()).isEqualTo(core.task("generator").statistics().dropped());
        }
    }

    @Test
    void framesOfOthersMakeAMeasurementWorthless() {
        assertWorthless(new Sink(7, true), "others send");
        assertWorthless(new Sink(7, false), "none of stream 7");
    }

    /** The null device gives frames without an end. */
    private static void assertWorthless(Sink sink, String reason) {
        Forwarding foreign = Forwarding.of(Port.of("null", new Device.Null(0, 64, false)))
                .task(Task.of("generator", new Generator(List.of(frames(64)), Rate.unlimited(), 0, 7, 1))
                        .to(Endpoint.port("null")).on(1).sharing())
                .task(Task.of("sink", sink).from(Endpoint.port("null")).on(2));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), foreign)) {
            ThroughputTest test = ThroughputTest.upTo(100).timing(SHORT);
            assertThatThrownBy(() -> test.measure(core, "generator", SINK))
                    .isInstanceOf(MeasurementException.class).hasMessageContaining(reason);
            assertThat(core.task("generator").isRunning()).isFalse();
        }
    }

    @Test
    void eachFrameLengthHasACoreOfItsOwn() throws InterruptedException {
        ThroughputReport report = ThroughputTest.upTo(10_000).resolution(0.5).timing(SHORT).measureEach(
                List.of(64, 1518), length -> ForwardingCore.start(TestEal.get(), chain(length)), "generator", SINK);

        assertThat(report.results()).extracting(ThroughputResult::frameLength).containsExactly(64.0, 1518.0);
        assertThat(report.results()).allSatisfy(result -> assertThat(result.bitsPerSecond()).isPositive());
    }

    @Test
    void theLatencyIsThatOfTheFramesAfterTheWarmUp() throws InterruptedException {
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), chain(64))) {
            LatencyResult result = LatencyTest.at(20_000)
                    .timing(new Timing(Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMillis(200)))
                    .measure(core, "generator", SINK);

            LatencyStatistics latency = result.latencies().get("sink");
            assertThat(latency.count()).isPositive().isLessThan(result.trial().received());
            assertThat(latency.minimum()).isPositive().isLessThanOrEqualTo(latency.mean());
            assertThat(latency.mean()).isLessThanOrEqualTo(latency.maximum());
            assertThat(result.toString()).contains("frames of 64 bytes", "sink", "p99.9");
            // A second measurement starts anew.
            LatencyResult again = LatencyTest.at(20_000).timing(SHORT).measure(core, "generator", SINK);
            assertThat(again.latencies().get("sink").count()).isPositive().isLessThanOrEqualTo(again.trial().received());
        }
    }

    @Test
    void anInterruptStopsTheGeneratorAtOnce() throws Exception {
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), chain(64))) {
            ThroughputTest test = ThroughputTest.upTo(1000)
                    .timing(new Timing(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1)));
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread measuring = new Thread(() -> {
                try {
                    outcome.completeExceptionally(new AssertionError(test.measure(core, "generator", SINK)));
                } catch (InterruptedException | RuntimeException failure) {
                    outcome.complete(failure);
                }
            });
            measuring.start();
            CountDownLatch flowing = new CountDownLatch(1);
            try (AutoCloseable watch = core.onStatistics(Duration.ofMillis(1), statistics -> {
                if (statistics.task("sink").received() > 0) {
                    flowing.countDown();
                }
            })) {
                assertThat(flowing.await(30, TimeUnit.SECONDS)).isTrue();
            }
            measuring.interrupt();

            assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(core.task("generator").isRunning()).isFalse();
        }
    }

    @Test
    void tasksOfTheWrongKindAreRefused() {
        Generator limited = new Generator(List.of(frames(64)), Rate.unlimited(), 5, 7, 1);
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), chain(limited, new Sink(7, false)))) {
            ThroughputTest test = ThroughputTest.upTo(1000).timing(SHORT);
            assertThatIllegalArgumentException().isThrownBy(() -> test.measure(core, "none", SINK))
                    .withMessageContaining("\"none\" is no generator");
            assertThatIllegalArgumentException().isThrownBy(() -> test.measure(core, "generator", List.of("none")))
                    .withMessageContaining("\"none\" is no sink");
            assertThatIllegalArgumentException().isThrownBy(() -> test.measure(core, "generator", SINK))
                    .withMessageContaining("stops after 5 packets");
        }
        Generator bare = Generator.of(PacketTemplate.raw(new byte[60], 60), Rate.unlimited());
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), chain(bare, new Sink(0, true)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LatencyTest.at(1000).timing(SHORT).measure(core, "generator", SINK))
                    .withMessageContaining("no room for a time stamp");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LatencyTest.at(1000).timing(SHORT).measure(core, "generator", List.of()));
        }
    }
}
