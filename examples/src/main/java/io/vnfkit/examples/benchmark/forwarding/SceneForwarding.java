package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.RouteChange;
import io.vnfkit.dpdk.table.Subscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A scene as a description for the forwarding core, and what goes into its tables. */
final class SceneForwarding implements AutoCloseable {

    /** The task that puts packets into a loop. */
    static final String SEED = "seed";

    private static final String TASK = "forward";
    private static final String FIB = "fib";
    private static final String SUBSCRIBERS = "subscribers";
    private static final int LCORE = 1;
    private static final int QINQ = 0x88a8;
    private static final int LONGEST_HEADER = 256;
    private static final int CHANGES_AT_ONCE = 50_000;
    private static final int HIGHEST_GROUPS = 8192;
    private static final int ROUTES_PER_GROUP = 256;

    private final Scene scene;
    private final ScenePorts ports;
    /** Null where ports are all that there is. */
    private final SceneRegion region;

    SceneForwarding(Scene scene) {
        this.scene = scene;
        this.ports = new ScenePorts(scene);
        this.region = scene.isOverRegion() ? SceneRegion.attach(scene) : null;
    }

    Forwarding describe() {
        Forwarding forwarding = region == null ? ports.describe() : region.describe();
        if (scene.kind() == Scene.Kind.WATCHED) {
            forwarding = forwarding.measuringGaps();
        }
        if (scene.kind() == Scene.Kind.LOOP) {
            forwarding = forwarding.task(seed());
        }
        for (Task task : measured()) {
            forwarding = forwarding.task(task);
        }
        return tables(forwarding);
    }

    private Task seed() {
        Generator seed = new Generator(List.of(udp()), Rate.unlimited(), 2L * scene.burst(), 0, 1);
        return Task.of(SEED, seed).to(ports.left(0), ports.right(0)).on(LCORE).burst(scene.burst()).sharing();
    }

    private PacketTemplate udp() {
        return PacketTemplate.udp(TestNetwork.NEIGHBOUR, TestNetwork.OWN, TestNetwork.GATEWAY, TestNetwork.CORE_ROUTER,
                scene.frame());
    }

    /** The tasks that run in a sample. */
    List<Task> measured() {
        Task task = Task.of(TASK, function()).on(LCORE).burst(scene.burst());
        Endpoint left = ports.left(0);
        Endpoint right = ports.right(0);
        return switch (scene.kind()) {
            case NONE, WATCHED, MAC, MACSWAP, MEMIF -> List.of(task.from(left, right).to(right, left));
            case LOOP -> List.of(task.from(left, right).to(right, left).sharing());
            case ONE_LCORE -> List.of(task.from(left, right, ports.left(1), ports.right(1))
                    .to(right, left, ports.right(1), ports.left(1)));
            case TWO_LCORES -> List.of(task.from(left, right).to(right, left),
                    Task.of(TASK + " on a second lcore", function()).burst(scene.burst()).on(LCORE + 1)
                            .from(ports.left(1), ports.right(1)).to(ports.right(1), ports.left(1)));
            case TRAFFIC -> List.of(task.to(left, right).sharing(),
                    Task.of("take", new Sink(0, true)).from(left, right).on(LCORE).burst(scene.burst()).sharing());
            case REGION -> List.of(task.from(region.inputs()).to(region.outputs()));
            case REGION_TRAFFIC -> List.of(task.to(region.outputs()).sharing(),
                    Task.of("take", new Sink(0, true)).from(region.inputs()).on(LCORE).burst(scene.burst()).sharing());
            case L3FWD, L3FWD_CHECKSUM, BNG_UPSTREAM, BNG_DOWNSTREAM ->
                    List.of(task.from(left, right).to(left, right));
        };
    }

    /** A packet that is header to its end, or a long one, so that nobody writes or reads the time in it. */
    private Generator withoutStamp() {
        byte[] packet = Arrays.copyOf(udp().header(), Math.min(LONGEST_HEADER, udp().length()));
        return Generator.of(PacketTemplate.raw(packet, udp().length()), Rate.unlimited());
    }

    private NetworkFunction function() {
        return switch (scene.kind()) {
            case NONE, WATCHED, LOOP, MEMIF, REGION, ONE_LCORE, TWO_LCORES -> new None();
            case TRAFFIC, REGION_TRAFFIC -> withoutStamp();
            case MAC -> new L2Forward(new MacRule.Set(TestNetwork.OWN), new MacRule.Set(TestNetwork.NEIGHBOUR));
            case MACSWAP -> new L2Forward(new MacRule.Other(), new MacRule.Other());
            // The frames of a capture file cannot be sent to the address that DPDK makes up for its port.
            case L3FWD -> new L3Forward(Optional.of(FIB), Optional.empty(), false).forAnyStation();
            case L3FWD_CHECKSUM -> new L3Forward(Optional.of(FIB), Optional.empty(), true).forAnyStation();
            case BNG_UPSTREAM -> new BngUpstream(SUBSCRIBERS, FIB, true);
            case BNG_DOWNSTREAM -> new BngDownstream(SUBSCRIBERS, Optional.of(TestNetwork.GATEWAY), QINQ, true);
        };
    }

    private Forwarding tables(Forwarding forwarding) {
        return switch (scene.kind()) {
            // Routes lie side by side: one group serves 256 of them.
            case L3FWD, L3FWD_CHECKSUM -> forwarding.routes(RouteTable.ipv4(FIB, scene.entries())
                    .groups(Math.min(HIGHEST_GROUPS, scene.entries() / ROUTES_PER_GROUP + 2)));
            case BNG_UPSTREAM, BNG_DOWNSTREAM -> forwarding.routes(RouteTable.ipv4(FIB, 1))
                    .subscribers(SUBSCRIBERS, scene.entries());
            default -> forwarding;
        };
    }

    /** Fills the tables of a core. */
    void fill(ForwardingCore core) {
        switch (scene.kind()) {
            case L3FWD, L3FWD_CHECKSUM -> putRoutes(core, scene.entries(), 0);
            case BNG_UPSTREAM, BNG_DOWNSTREAM -> {
                CoreTunnel tunnel =
                        new CoreTunnel(TestNetwork.GATEWAY, TestNetwork.CORE_ROUTER, TestNetwork.LABEL);
                core.routes(FIB).put(TestNetwork.route(0), hop(0).through(tunnel));
                putSubscribers(core);
            }
            default -> { }
        }
    }

    /** Puts all routes; a turn of 1 gives each of them the other output than one of 0. */
    static void putRoutes(ForwardingCore core, int count, int turn) {
        for (int first = 0; first < count; first += CHANGES_AT_ONCE) {
            core.routes(FIB).apply(routeChanges(first, Math.min(count, first + CHANGES_AT_ONCE), turn));
        }
    }

    /** Changes for {@link #apply}. */
    static List<RouteChange> routeChanges(int first, int end, int turn) {
        List<RouteChange> changes = new ArrayList<>();
        for (int i = first; i < end; i++) {
            changes.add(new RouteChange.Put(TestNetwork.route(i), hop(i + turn & 1)));
        }
        return changes;
    }

    static void apply(ForwardingCore core, List<RouteChange> changes) {
        core.routes(FIB).apply(changes);
    }

    private static NextHop hop(int output) {
        return NextHop.via(output, TestNetwork.NEIGHBOUR, TestNetwork.OWN);
    }

    private void putSubscribers(ForwardingCore core) {
        for (int first = 0; first < scene.entries(); first += CHANGES_AT_ONCE) {
            List<Subscriber> some = new ArrayList<>();
            for (int i = first; i < Math.min(scene.entries(), first + CHANGES_AT_ONCE); i++) {
                some.add(TestNetwork.subscriber(i));
            }
            core.subscribers(SUBSCRIBERS).put(some);
        }
    }

    /** After the core, whose sides of channels belong to this process for as long as the region is attached. */
    @Override
    public void close() {
        if (region != null) {
            region.close();
        }
    }
}
