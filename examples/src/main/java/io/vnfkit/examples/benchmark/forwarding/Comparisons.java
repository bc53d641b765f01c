package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.CommandedProgram;
import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.forwarding.Testpmd.Setup;
import io.vnfkit.ivshmem.Region;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Side by side with DPDK's own programs. */
final class Comparisons {

    private static final double AS_FAST = 1.0;
    private static final int L3FWD_ROUTES = 1000;
    private static final int MANY_ROUTES = 1_000_000;
    private static final int QUEUES = 2;
    private static final List<Integer> FRAMES = List.of(64, 1518);
    private static final List<Integer> BURSTS = List.of(1, 8, 32, 256);
    private static final String[] NULL = {"net_null0,size=64,copy=0", "net_null1,size=64,copy=0"};
    private static final String[] LOOP = {"net_ring0", "net_ring1"};

    private final Placement placement;
    private final int rounds;
    private final Duration sample;
    private final Report report;

    Comparisons(Placement placement, int rounds, Duration sample, Report report) {
        this.placement = placement;
        this.rounds = rounds;
        this.sample = sample;
        this.report = report;
    }

    void withTestpmd() throws IOException {
        againstTestpmd("none", Scene.of(Scene.Kind.NONE), Setup.of("io", NULL));
        againstTestpmd("l2fwd, addresses set", Scene.of(Scene.Kind.MAC), Setup.of("mac", NULL));
        againstTestpmd("l2fwd, addresses swapped", Scene.of(Scene.Kind.MACSWAP), Setup.of("macswap", NULL));
        for (int burst : BURSTS) {
            againstTestpmd("none in a loop of rings, burst " + burst, Scene.of(Scene.Kind.LOOP).burst(burst),
                    Setup.of("io", LOOP).inLoop(burst));
        }
    }

    /** One lcore with all queues, and two with half of them each. */
    void byLcores() throws IOException {
        Setup setup = Setup.of("io", NULL);
        againstTestpmd("none, 2 queues, 1 lcore", Scene.of(Scene.Kind.ONE_LCORE), setup.parallel(QUEUES, 1));
        String title = "none, 2 queues, 2 lcores";
        report.results().note(title, "the second lcore runs " + placement.ofSecondCpu());
        againstTestpmd(title, Scene.of(Scene.Kind.TWO_LCORES), setup.parallel(QUEUES, 2));
    }

    private void againstTestpmd(String title, Scene scene, Setup setup) throws IOException {
        try (Vnfkit own = Vnfkit.start(placement, scene); Testpmd testpmd = Testpmd.start(placement, setup)) {
            report.compare(title, scene.lcores(), new Alternation(List.of(own, testpmd), sample).run(rounds), AS_FAST);
        }
    }

    /** Between memif links that one generator fills and one sink empties, both alike for each contestant. */
    void overMemif(PacketSets sockets) throws IOException {
        String title = "none over two memif links";
        Path ownSocket = sockets.file("vnfkit");
        Path peerSocket = sockets.file("testpmd");
        Scene scene = Scene.of(Scene.Kind.MEMIF).file(ownSocket);
        Setup setup = Setup.of("io", ScenePorts.forwarderEnd(0, peerSocket), ScenePorts.forwarderEnd(1, peerSocket));
        report.results().note(title, "generator and sink run on one lcore " + placement.ofSecondCpu()
                + "; packets are counted at the sink; the more of its time the forwarding lcore is without packets, the"
                + " more this traffic is the limit rather than the forwarder");
        try (Vnfkit own = Vnfkit.start(placement, scene);
                Vnfkit ownTraffic = Vnfkit.startTraffic(placement, "vnfkit", memifTraffic(ownSocket));
                Testpmd testpmd = Testpmd.start(placement, setup);
                Vnfkit peerTraffic = Vnfkit.startTraffic(placement, "testpmd", memifTraffic(peerSocket))) {
            List<Contestant> links =
                    List.of(new LinkedForwarder(own, ownTraffic), new LinkedForwarder(testpmd, peerTraffic));
            report.compare(title, scene.lcores(), new Alternation(links, sample).run(rounds), AS_FAST);
            idleTime(title, own, ownTraffic);
        }
    }

    private static Scene memifTraffic(Path socket) {
        return Scene.of(Scene.Kind.TRAFFIC).file(socket);
    }

    /** A chain of processes over channels in a region, against the same chain over memif. */
    void overRegion(PacketSets sockets) throws IOException {
        for (int frame : FRAMES) {
            overRegion(sockets, frame);
        }
    }

    private void overRegion(PacketSets sockets, int frame) throws IOException {
        String title = "chain over a region; over memif, frames of " + frame + " bytes";
        report.results().note(title, "a generator and a sink at the ends, on one lcore " + placement.ofSecondCpu() + ","
                + " none in between; packets are counted at the sink; over a region nothing is copied, over memif each link copies"
                + " once; idle time is that over the region");
        Path socket = sockets.file("chain-" + frame);
        String overRegion = "over a region";
        String overMemif = "over memif";
        try (Region region = SceneRegion.make()) {
            Path file = region.file();
            try (Vnfkit own = Vnfkit.start(overRegion, placement, Scene.of(Scene.Kind.REGION).file(file));
                    Vnfkit ownTraffic = Vnfkit.startTraffic(placement, overRegion,
                            Scene.of(Scene.Kind.REGION_TRAFFIC).file(file).frame(frame));
                    Vnfkit other = Vnfkit.start(overMemif, placement, Scene.of(Scene.Kind.MEMIF).file(socket));
                    Vnfkit otherTraffic = Vnfkit.startTraffic(placement, overMemif, memifTraffic(socket).frame(frame))) {
                List<Contestant> chains =
                        List.of(new LinkedForwarder(own, ownTraffic), new LinkedForwarder(other, otherTraffic));
                report.compare(title, 1, new Alternation(chains, sample).run(rounds));
                idleTime(title, own, ownTraffic);
            }
        }
    }

    /**
     * Tells whether the forwarder was the limit or who sends to it: how many polls find nothing while there is traffic,
     * by how many there are without any, is about the share of its time that it has nothing to do.
     */
    private void idleTime(String title, Vnfkit own, Vnfkit traffic) throws IOException {
        Distribution idle = new Distribution();
        for (int round = 0; round < rounds; round++) {
            traffic.start();
            own.start();
            long withTraffic = idlePolls(own);
            traffic.stop();
            long without = idlePolls(own);
            own.stop();
            idle.add(100.0 * withTraffic / without);
        }
        report.results().add(title + ", time of the forwarding lcore without packets, about", "percent",
                Map.of(own.name(), idle.summary()));
    }

    private long idlePolls(Vnfkit own) throws IOException {
        long before = own.idlePolls();
        LockSupport.parkNanos(sample.toNanos());
        return own.idlePolls() - before;
    }

    void withL3fwd(Path binary, PacketSets packets) throws IOException {
        for (int routes : List.of(2, L3FWD_ROUTES)) {
            againstL3fwd(binary, packets, routes);
        }
        try {
            againstL3fwd(binary, packets, MANY_ROUTES);
        } catch (CommandedProgram.EndedException refusal) {
            // Its table has room for 1,024 routes, unless it was built otherwise.
            report.results().note(titleOfL3fwd(MANY_ROUTES),
                    "not compared, DPDK's l3fwd ends with \"" + refusal.lastLine() + "\"");
        }
    }

    private static String titleOfL3fwd(int routes) {
        return "l3fwd, " + routes + " routes";
    }

    private void againstL3fwd(Path binary, PacketSets packets, int routes) throws IOException {
        Path file = packets.routed(routes, PacketSets.SMALL);
        Scene scene = Scene.of(Scene.Kind.L3FWD).entries(routes, file);
        Path rules = packets.file("rules-" + routes);
        try (L3fwdExample example = L3fwdExample.start(placement, binary, file, routes, rules);
                Vnfkit own = Vnfkit.start(placement, scene)) {
            report.compare(titleOfL3fwd(routes), scene.lcores(),
                    new Alternation(List.of(own, example), sample).run(rounds), AS_FAST);
        }
    }
}
