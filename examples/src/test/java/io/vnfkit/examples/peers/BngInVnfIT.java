package io.vnfkit.examples.peers;

import static io.vnfkit.examples.peers.BngFrames.CUSTOMER_TAG;
import static io.vnfkit.examples.peers.BngFrames.SERVICE_TAG;
import static io.vnfkit.examples.peers.BngFrames.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.examples.NothingLeft;
import io.vnfkit.examples.forwarder.VnfFunction.Bng;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The BNG in a VNF, with subscribers on the left and a core router on the right: load balancers, rings, and two workers for
 * each direction.
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
class BngInVnfIT {

    private static final int WORKERS = 2;
    private static final int SUBSCRIBERS = 16;
    private static final Bng BNG = new Bng(WORKERS, 100, 100, Optional.of(Addresses.ipv4(BngFrames.BNG)));
    private static final IpPrefix CORE = IpPrefix.parse("198.51.100.0/24");
    private static final int GRE_KEY_PRESENT = 0x2000;

    @TempDir
    private Path shared;

    private Ends ends;
    private FunctionVnf vnf;
    private Wires wires;
    private MacAddress access;
    private MacAddress core;

    @BeforeEach
    void makeEnds() {
        ends = Ends.make("vnfkit-it-ends-g");
    }

    @AfterEach
    void removeEnds() {
        ends.close();
    }

    /** What a test does while the BNG runs. */
    private interface Traffic {
        void run() throws IOException;
    }

    private void withBng(CpuSet cpus, EalArguments eal, Traffic traffic) throws IOException {
        try (FunctionVnf launched = FunctionVnf.between("bng", ends, BNG, cpus, eal, shared)) {
            vnf = launched;
            ends.linksUp();
            access = vnf.mac("left");
            core = vnf.mac("right");
            try (Wires opened = Wires.of(ends)) {
                wires = opened;
                vnf.settle(wires, false);
                traffic.run();
                vnf.end();
            }
        }
    }

    private void withBng(Traffic traffic) throws IOException {
        withBng(cpus(2), EalArguments.fromGrant(), traffic);
    }

    private void assertNothingMore() throws IOException {
        assertThat(wires.left(Ends.LEFT)).isEmpty();
        assertThat(wires.left(Ends.RIGHT)).isEmpty();
    }

    private static CpuSet cpus(int most) {
        return CpuSet.of(FunctionVnf.cpusOnTheNodeOfTheMemory().stream().limit(most).toArray());
    }

    private static Subscriber subscriber(int number) {
        return new Subscriber(100 + number / 4, 200 + number, 0x80000000 + 4711 * number,
                MacAddress.parse(String.format("02:00:00:00:01:%02x", number)), 0);
    }

    private void enterRoute() throws IOException {
        CoreTunnel tunnel = new CoreTunnel(
                Addresses.ipv4(BngFrames.BNG), Addresses.ipv4(BngFrames.CORE_ROUTER), BngFrames.LABEL);
        vnf.control().put(CORE, NextHop.via(0, Ends.NEIGHBOUR, core).through(tunnel));
    }

    private static Packet request(int number, int timeToLive) {
        return Ipv4Header.packet("request", h -> {
            h.source = "192.0.2." + (1 + number);
            h.timeToLive = timeToLive;
            h.payload = new byte[8 + number];
        });
    }

    private static Packet answer(int number, int timeToLive) {
        return Ipv4Header.packet("answer", h -> {
            h.source = "198.51.100.2";
            h.destination = "192.0.2." + (1 + number);
            h.timeToLive = timeToLive;
            h.payload = new byte[8 + number];
        });
    }

    private byte[] fromSubscriber(int number) {
        Subscriber subscriber = subscriber(number);
        return tagged(access, subscriber.mac(), subscriber.outerTag(), subscriber.innerTag(), request(number, 64));
    }

    private byte[] atCoreRouter(int number) {
        return BngFrames.toCore(subscriber(number).greKey(), request(number, 63)).frame(Ends.NEIGHBOUR, core);
    }

    private byte[] fromCoreRouter(int number) {
        return BngFrames.fromCore(subscriber(number).greKey(), answer(number, 64)).frame(core, Ends.NEIGHBOUR);
    }

    private byte[] atSubscriber(int number) {
        Subscriber subscriber = subscriber(number);
        return tagged(subscriber.mac(), access, subscriber.outerTag(), subscriber.innerTag(), answer(number, 63));
    }

    private void exchange(int number) throws IOException {
        wires.send(Ends.LEFT, fromSubscriber(number));
        wires.expect(Ends.RIGHT, atCoreRouter(number));
        wires.send(Ends.RIGHT, fromCoreRouter(number));
        wires.expect(Ends.LEFT, atSubscriber(number));
    }

    /** Packets that each worker has sent, once all that came have been counted. */
    private List<Long> sentByWorkers(IntFunction<String> worker, long sum) {
        vnf.await("packets are counted", () -> sent(worker).stream().mapToLong(Long::longValue).sum() >= sum);
        return sent(worker);
    }

    private List<Long> sent(IntFunction<String> worker) {
        return IntStream.range(0, WORKERS).mapToObj(worker).map(vnf::counted).map(TaskStatistics::sent).toList();
    }

    /** All subscribers, each twice: with the second packet each worker has twice as many as with the first. */
    private void spread() throws IOException {
        enterRoute();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            vnf.control().put(subscriber(i));
        }
        assertThat(vnf.control().subscribers()).isEqualTo(SUBSCRIBERS);
        List<Long> up = new ArrayList<>();
        List<Long> down = new ArrayList<>();
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < SUBSCRIBERS; i++) {
                exchange(i);
            }
            up.addAll(sentByWorkers(Bng::upstream, (long) round * SUBSCRIBERS));
            down.addAll(sentByWorkers(Bng::downstream, (long) round * SUBSCRIBERS));
        }
        for (List<Long> counted : List.of(up, down)) {
            assertThat(counted).as("sent by the workers in one round, then in two").doesNotContain(0L)
                    .containsExactly(counted.get(0), SUBSCRIBERS - counted.get(0),
                            2 * counted.get(0), 2 * (SUBSCRIBERS - counted.get(0)));
        }
        assertThat(vnf.counted(Bng.ACCESS_BALANCER).sent()).isEqualTo(2 * SUBSCRIBERS);
        assertThat(vnf.counted(Bng.CORE_BALANCER).sent()).isEqualTo(2 * SUBSCRIBERS);
        assertThat(vnf.drops()).isEmpty();
        assertNothingMore();
    }

    @Test
    void subscribersAreSpreadOverTheWorkersAndEveryByteIsRight() throws IOException {
        withBng(this::spread);
    }

    @Test
    void allTasksCanShareOneLcore() throws IOException {
        withBng(cpus(1), EalArguments.fromGrant(), this::spread);
    }

    /** Each worker with queues of its own; the lcores take turns where there are fewer CPUs. */
    @Test
    void eachWorkerCanHaveAnLcoreOfItsOwn() throws IOException {
        CpuSet cpus = cpus(3);

        withBng(cpus, EalArguments.fromGrant().with("--lcores", "(0-2)@(" + cpus + ")"), this::spread);
    }

    @Test
    void aSubscriberIsServedFromWhenItIsEnteredUntilItIsRemoved() throws IOException {
        withBng(() -> {
            vnf.control().put(subscriber(0));
            vnf.expectDrop(wires, Ends.LEFT, fromSubscriber(0), DropReason.NO_ROUTE);
            enterRoute();
            exchange(0);
            vnf.expectDrop(wires, Ends.LEFT, fromSubscriber(1), DropReason.NO_SUBSCRIBER);
            vnf.expectDrop(wires, Ends.RIGHT, fromCoreRouter(1), DropReason.NO_SUBSCRIBER);

            vnf.control().put(subscriber(1));
            exchange(1);
            exchange(0);

            vnf.control().removeSubscriber(subscriber(1).outerTag(), subscriber(1).innerTag());
            vnf.expectDrop(wires, Ends.LEFT, fromSubscriber(1), DropReason.NO_SUBSCRIBER);
            vnf.expectDrop(wires, Ends.RIGHT, fromCoreRouter(1), DropReason.NO_SUBSCRIBER);
            exchange(0);
            vnf.control().remove(CORE);
            vnf.expectDrop(wires, Ends.LEFT, fromSubscriber(0), DropReason.NO_ROUTE);
            assertNothingMore();
        });
    }

    @Test
    void theManagerIsToldWhatIsRefused() throws IOException {
        withBng(() -> {
            Subscriber sameKey = new Subscriber(1, 2, subscriber(0).greKey(), subscriber(0).mac(), 0);
            vnf.control().put(subscriber(0));

            assertThatThrownBy(() -> vnf.control().put(sameKey)).hasMessageContaining("another subscriber has the GRE key");
            assertThatThrownBy(() -> vnf.control().removeSubscriber(1, 2)).hasMessageContaining("subscriber 1/2");
            assertThatThrownBy(() -> vnf.control().put(CORE, NextHop.via(0, Ends.NEIGHBOUR, core)))
                    .hasMessageContaining("the routes of this function lead through tunnels");
            assertThat(vnf.control().subscribers()).isEqualTo(1);
            assertThat(vnf.control().routes()).isEmpty();
        });
    }

    @Test
    void hostilePacketsAreDroppedByReason() throws IOException {
        withBng(() -> {
            enterRoute();
            vnf.control().put(subscriber(0));
            dropFromSubscribers();
            dropFromCoreRouters();
            assertThat(vnf.drops()).isEqualTo(Map.of(DropReason.VLAN_TAGS, 3L, DropReason.ETHERTYPE, 2L,
                    DropReason.IP_CHECKSUM, 2L, DropReason.TTL, 2L, DropReason.TOO_BIG, 1L, DropReason.MARTIAN, 1L,
                    DropReason.TUNNEL, 3L, DropReason.MPLS, 1L, DropReason.FRAGMENT, 1L, DropReason.TRUNCATED, 1L));
            exchange(0);
            assertNothingMore();
        });
    }

    /** All mbufs are back, also when SIGTERM comes while packets are on their way from both sides. */
    @Test
    void aBngEndsInTheMiddleOfTheTraffic() throws IOException {
        withBng(() -> {
            enterRoute();
            vnf.control().put(subscriber(0));
            wires.flood(Ends.LEFT, fromSubscriber(0));
            wires.flood(Ends.RIGHT, fromCoreRouter(0));
            sentByWorkers(Bng::upstream, 1000);
            sentByWorkers(Bng::downstream, 1000);
        });
    }

    private void dropFromSubscribers() throws IOException {
        Subscriber subscriber = subscriber(0);
        int outer = subscriber.outerTag();
        int inner = subscriber.innerTag();
        Packet right = request(0, 64);
        List<byte[]> wrongTags = List.of(right.frame(access, subscriber.mac()),
                tagged(access, subscriber.mac(), new int[] {SERVICE_TAG, outer}, right),
                tagged(access, subscriber.mac(),
                        new int[] {SERVICE_TAG, outer, CUSTOMER_TAG, inner, CUSTOMER_TAG, inner}, right));
        for (byte[] frame : wrongTags) {
            vnf.expectDrop(wires, Ends.LEFT, frame, DropReason.VLAN_TAGS);
        }
        dropTagged(Ipv6Header.packet("IPv6", h -> { }), DropReason.ETHERTYPE);
        dropTagged(Ipv4Header.packet("checksum", h -> h.checksumError = 1), DropReason.IP_CHECKSUM);
        dropTagged(request(0, 1), DropReason.TTL);
        dropTagged(Ipv4Header.packet("from loopback", h -> h.source = "127.0.0.1"), DropReason.MARTIAN);
        // Behind a label, an outer header and GRE it has one octet more than the MTU.
        dropTagged(Ipv4Header.packet("long", h -> h.payload = new byte[1500 - 4 - 28 - 20 + 1]), DropReason.TOO_BIG);
    }

    private void dropTagged(Packet packet, DropReason reason) throws IOException {
        Subscriber subscriber = subscriber(0);
        byte[] frame = tagged(access, subscriber.mac(), subscriber.outerTag(), subscriber.innerTag(), packet);
        vnf.expectDrop(wires, Ends.LEFT, frame, reason);
    }

    private void dropFromCoreRouters() throws IOException {
        int key = subscriber(0).greKey();
        Packet right = answer(0, 64);
        int entry = BngFrames.LABEL << 12 | 0x140;
        Packet tunnel = BngFrames.tunnel(BngFrames.CORE_ROUTER, BngFrames.BNG, GRE_KEY_PRESENT, key, right);
        Packet fragment = Ipv4Header.packet("fragment", h -> {
            h.protocol = 47;
            h.fragment = 0x2000;
        });

        dropFromCore(tunnel, DropReason.ETHERTYPE);
        dropFromCore(BngFrames.labelled(entry & ~0x100, BngFrames.labelled(entry, tunnel)), DropReason.MPLS);
        dropFromCore(BngFrames.labelled(entry, right), DropReason.TUNNEL);
        dropFromCore(BngFrames.labelled(entry,
                BngFrames.tunnel(BngFrames.CORE_ROUTER, BngFrames.BNG, 0, key, right)), DropReason.TUNNEL);
        dropFromCore(BngFrames.labelled(entry,
                BngFrames.tunnel(BngFrames.CORE_ROUTER, "192.0.2.131", GRE_KEY_PRESENT, key, right)), DropReason.TUNNEL);
        dropFromCore(BngFrames.labelled(entry, fragment), DropReason.FRAGMENT);
        dropFromCore(BngFrames.fromCore(key, Ipv4Header.packet("checksum", h -> h.checksumError = 1)),
                DropReason.IP_CHECKSUM);
        dropFromCore(BngFrames.fromCore(key, answer(0, 1)), DropReason.TTL);
        dropFromCore(BngFrames.fromCore(key, Ipv4Header.packet("cut off", h -> h.totalLength = 100)),
                DropReason.TRUNCATED);
    }

    private void dropFromCore(Packet packet, DropReason reason) throws IOException {
        vnf.expectDrop(wires, Ends.RIGHT, packet.frame(core, Ends.NEIGHBOUR), reason);
    }
}
