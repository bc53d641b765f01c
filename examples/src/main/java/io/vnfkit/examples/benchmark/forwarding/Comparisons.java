package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Side by side with DPDK's own programs. */
final class Comparisons {

    private static final double AS_FAST = 1.0;
    private static final int L3FWD_ROUTES = 1000;
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
        againstTestpmd("none", Scene.of(Scene.Kind.NONE), "io", false, NULL);
        againstTestpmd("l2fwd, addresses set", Scene.of(Scene.Kind.MAC), "mac", false, NULL);
        againstTestpmd("l2fwd, addresses swapped", Scene.of(Scene.Kind.MACSWAP), "macswap", false, NULL);
        for (int burst : BURSTS) {
            againstTestpmd("none in a loop of rings, burst " + burst, Scene.of(Scene.Kind.LOOP).burst(burst), "io",
                    true, LOOP);
        }
    }

    private void againstTestpmd(String title, Scene scene, String mode, boolean isLoop, String... devices)
            throws IOException {
        try (Vnfkit own = Vnfkit.start(placement, scene);
                Testpmd testpmd = Testpmd.start(placement, mode, scene.burst(), isLoop, devices)) {
            report.compare(title, new Alternation(List.of(own, testpmd), sample).run(rounds), AS_FAST);
        }
    }

    void withL3fwd(Path binary, PacketSets packets) throws IOException {
        for (int routes : List.of(2, L3FWD_ROUTES)) {
            Path file = packets.routed(routes, PacketSets.SMALL);
            Scene scene = Scene.of(Scene.Kind.L3FWD).entries(routes, file);
            try (Vnfkit own = Vnfkit.start(placement, scene);
                    L3fwdExample example =
                            L3fwdExample.start(placement, binary, file, routes, packets.file("rules-" + routes))) {
                report.compare("l3fwd, " + routes + " routes",
                        new Alternation(List.of(own, example), sample).run(rounds), AS_FAST);
            }
        }
    }
}
