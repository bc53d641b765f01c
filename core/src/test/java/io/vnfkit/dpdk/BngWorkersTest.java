package io.vnfkit.dpdk;

import static io.vnfkit.dpdk.SubscriberTraffic.SUBSCRIBERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer.Key;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The BNG as a whole: in each direction a generator, a load balancer, rings, and four workers, with 69,632 subscribers.
 * Needs DPDK, but neither root nor hugepages.
 */
@Timeout(240)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class BngWorkersTest {

    private static final int WORKERS = 4;
    /** Never gives up: whoever is behind drains on another lcore. */
    private static final int PATIENT = 1_000_000_000;
    private static final long PACKETS = 3L * SUBSCRIBERS;
    /** As many packets as an lcore can move before another one gets its CPU: they share those that there are. */
    private static final int RING = 4095;
    /** The packets are short, and there may be many in rings. */
    private static final Forwarding.Pool POOL = new Forwarding.Pool(0, 256, 256);
    private static final String UPSTREAM = "upstream-";
    private static final String DOWNSTREAM = "downstream-";

    @TempDir
    private Path directory;

    private static Forwarding gateway(Port[] ports, long packets, Rate rate,
            Function<Integer, Endpoint> toCore, Function<Integer, Endpoint> toAccess) {
        Forwarding gateway = Forwarding.of(ports).pool(POOL).routes(RouteTable.ipv4("core", 100))
                .subscribers("subscribers", SUBSCRIBERS).ring("access", RING).ring("core", RING)
                .task(Task.of("subscribers", SubscriberTraffic.upstream(rate, packets))
                        .to(Endpoint.ring("access")).on(0).sharing().transmitTries(PATIENT))
                .task(Task.of("routers", SubscriberTraffic.downstream(rate, packets))
                        .to(Endpoint.ring("core")).on(0).sharing().transmitTries(PATIENT))
                .task(balancer("access", Key.VLAN_TAGS, UPSTREAM)).task(balancer("core", Key.GRE_KEY, DOWNSTREAM));
        for (int i = 0; i < WORKERS; i++) {
            gateway = gateway.ring(UPSTREAM + i, RING).ring(DOWNSTREAM + i, RING)
                    .task(Task.of(UPSTREAM + i, new BngUpstream("subscribers", "core", true))
                            .from(Endpoint.ring(UPSTREAM + i)).to(toCore.apply(i)).on(lcore(i)).sharing())
                    .task(Task.of(DOWNSTREAM + i, new BngDownstream("subscribers",
                                    Optional.of(SubscriberTraffic.tunnelEnd()), 0x88a8, true))
                            .from(Endpoint.ring(DOWNSTREAM + i)).to(toAccess.apply(i)).on(lcore(i)).sharing());
        }
        return gateway;
    }

    private static Task balancer(String from, Key key, String to) {
        return Task.of("balancer-" + from, new LoadBalancer(key)).from(Endpoint.ring(from))
                .to(IntStream.range(0, WORKERS).mapToObj(i -> Endpoint.ring(to + i)).toArray(Endpoint[]::new))
                .on(1).sharing().transmitTries(PATIENT);
    }

    private static int lcore(int worker) {
        return 2 + worker % 2;
    }

    /** Takes away what the workers send, on their lcores: their bursts always fit into the rings in between. */
    private static Forwarding withSinks(long packets, Rate rate) {
        Forwarding gateway = gateway(new Port[0], packets, rate,
                i -> Endpoint.ring("from-" + UPSTREAM + i), i -> Endpoint.ring("from-" + DOWNSTREAM + i));
        for (int i = 0; i < WORKERS; i++) {
            for (String worker : List.of(UPSTREAM + i, DOWNSTREAM + i)) {
                gateway = gateway.ring("from-" + worker, 256)
                        .task(Task.of("sink-" + worker, new Sink(SubscriberTraffic.STREAM, false))
                                .from(Endpoint.ring("from-" + worker)).on(lcore(i)).sharing());
            }
        }
        return gateway;
    }

    /** Over all workers of a direction; received, sent, dropped or another counter. */
    private static long sum(ForwardingCore core, String direction, Function<TaskStatistics, Long> counter) {
        return IntStream.range(0, WORKERS)
                .mapToLong(i -> counter.apply(core.task(direction + i).statistics())).sum();
    }

    private static void enterAll(ForwardingCore core) {
        core.routes("core").put(SubscriberTraffic.coreNetwork(), SubscriberTraffic.coreRouter());
        core.subscribers("subscribers").put(SubscriberTraffic.subscribers(0, SUBSCRIBERS));
    }

    @Test
    void eachSubscriberHasAWorkerOfItsOwnAndKeepsItsOrder() throws IOException {
        Path nothing = directory.resolve("nothing");
        PcapFile.write(nothing, List.of());
        Port[] ports = IntStream.range(0, 2 * WORKERS).mapToObj(i -> Port.of("file-" + i,
                new Device.Pcap(i, nothing, directory.resolve("file-" + i)))).toArray(Port[]::new);
        Forwarding files = gateway(ports, PACKETS, Rate.unlimited(),
                i -> Endpoint.port("file-" + i), i -> Endpoint.port("file-" + (WORKERS + i)));

        MacAddress[] macs = new MacAddress[WORKERS];
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), files)) {
            long full = core.availableMbufs();
            Arrays.setAll(macs, i -> core.port("file-" + (WORKERS + i)).information().mac());
            enterAll(core);
            core.startTasks();
            for (String direction : List.of(UPSTREAM, DOWNSTREAM)) {
                Await.until(direction, () -> sum(core, direction, counted -> counted.sent() + counted.dropped()) == PACKETS);
            }
            core.stopTasks();
            assertThat(sum(core, UPSTREAM, TaskStatistics::dropped)).isZero();
            assertThat(sum(core, DOWNSTREAM, TaskStatistics::dropped)).isZero();
            assertThat(core.availableMbufs()).isEqualTo(full);
        }

        assertOwned(0, i -> SubscriberTraffic::expectedAtCore);
        assertOwned(WORKERS, i -> frame -> SubscriberTraffic.expectedAtSubscriber(frame, macs[i]));
    }

    /** Every packet is there once and right in every byte, behind the earlier ones of its subscriber in the same file. */
    private void assertOwned(int firstFile, Function<Integer, UnaryOperator<byte[]>> expected) throws IOException {
        Arrivals arrivals = new Arrivals();
        for (int worker = 0; worker < WORKERS; worker++) {
            for (byte[] frame : PcapFile.read(directory.resolve("file-" + (firstFile + worker)))) {
                arrivals.check(worker, frame, expected.apply(worker).apply(frame));
            }
        }
        assertThat(arrivals.packets.cardinality()).isEqualTo((int) PACKETS);
        for (int worker = 0; worker < WORKERS; worker++) {
            assertThat(arrivals.subscribersOf(worker)).as("subscribers of worker " + worker)
                    .isCloseTo(SUBSCRIBERS / WORKERS, Percentage.withPercentage(10));
        }
    }

    /** The packets of one direction, which arrive at their workers. */
    private static final class Arrivals {
        private final BitSet packets = new BitSet();
        private final int[] owners = filled();
        private final int[] last = filled();

        private static int[] filled() {
            int[] none = new int[SUBSCRIBERS];
            Arrays.fill(none, -1);
            return none;
        }

        void check(int worker, byte[] frame, byte[] expected) {
            int sequence = SubscriberTraffic.sequence(frame);
            int subscriber = sequence % SUBSCRIBERS;
            if (owners[subscriber] < 0) {
                owners[subscriber] = worker;
            }
            // An assertion for each of so many packets takes longer than their way.
            if (owners[subscriber] != worker || last[subscriber] >= sequence || !Arrays.equals(frame, expected)) {
                String what = "packet " + sequence + " behind packet " + last[subscriber];
                assertThat(worker).as("worker of " + what).isEqualTo(owners[subscriber]);
                assertThat(sequence).as(what).isGreaterThan(last[subscriber]);
                assertThat(HexFormat.of().formatHex(frame)).as(what).isEqualTo(HexFormat.of().formatHex(expected));
            }
            last[subscriber] = sequence;
            packets.set(sequence);
        }

        int subscribersOf(int worker) {
            return (int) Arrays.stream(owners).filter(owner -> owner == worker).count();
        }
    }

    @Test
    void nothingIsLostOnTheWayToTheSinks() {
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), withSinks(PACKETS, Rate.unlimited()))) {
            long full = core.availableMbufs();
            enterAll(core);
            core.startTasks();
            for (String direction : List.of(UPSTREAM, DOWNSTREAM)) {
                Await.until(direction, () -> sum(core, "sink-" + direction, TaskStatistics::received) == PACKETS);
            }
            core.stopTasks();

            for (String direction : List.of(UPSTREAM, DOWNSTREAM)) {
                assertThat(sum(core, direction, TaskStatistics::received)).isEqualTo(PACKETS);
                assertThat(sum(core, direction, TaskStatistics::sent)).isEqualTo(PACKETS);
                assertThat(sum(core, "sink-" + direction, TaskStatistics::dropped)).as("not of the stream").isZero();
                assertThat(sum(core, "sink-" + direction, TaskStatistics::reordered)).isZero();
            }
            assertThat(core.availableMbufs()).isEqualTo(full);
        }
    }

    @Test
    void subscribersThatAreEnteredMeanwhileAreServedFromThenOn() {
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), withSinks(0, Rate.packetsPerSecond(100_000)))) {
            long full = core.availableMbufs();
            core.routes("core").put(SubscriberTraffic.coreNetwork(), SubscriberTraffic.coreRouter());
            core.subscribers("subscribers").put(SubscriberTraffic.subscribers(0, SUBSCRIBERS / 2));
            core.startTasks();
            for (String direction : List.of(UPSTREAM, DOWNSTREAM)) {
                Await.until("half of them", () -> sum(core, direction, TaskStatistics::sent) > 1000
                        && sum(core, direction, counted -> counted.dropped(DropReason.NO_SUBSCRIBER)) > 1000);
            }
            core.subscribers("subscribers").put(SubscriberTraffic.subscribers(SUBSCRIBERS / 2, SUBSCRIBERS));
            List<Long> unknown = unknown(core);
            long entered = sum(core, DOWNSTREAM, TaskStatistics::sent);
            Await.until("a round of all", () -> sum(core, DOWNSTREAM, TaskStatistics::sent) > entered + SUBSCRIBERS);
            // The burst in which the last of them was entered may have been looked up and not counted.
            assertThat(unknown(core)).zipSatisfy(unknown, (now, before) -> assertThat(now - before).isLessThanOrEqualTo(32 * WORKERS));
            core.task("subscribers").stop();
            core.task("routers").stop();
            Await.until("all packets are back in the pool", () -> core.availableMbufs() == full);
            core.stopTasks();
        }
    }

    private static List<Long> unknown(ForwardingCore core) {
        return List.of(sum(core, UPSTREAM, counted -> counted.dropped(DropReason.NO_SUBSCRIBER)),
                sum(core, DOWNSTREAM, counted -> counted.dropped(DropReason.NO_SUBSCRIBER)));
    }
}
