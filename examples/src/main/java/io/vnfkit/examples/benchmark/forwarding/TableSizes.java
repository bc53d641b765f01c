package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.forwarding.Contestant.Count;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What large tables cost, and what changing one costs: vnfkit alone. */
final class TableSizes {

    private static final int MILLION = 1_000_000;
    private static final int FORWARDING_LCORES = 1;
    private static final int CHANGES = 100_000;
    private static final double MICROS = 1000.0;

    private final Placement placement;
    private final int rounds;
    private final Duration sample;
    private final Report report;

    TableSizes(Placement placement, int rounds, Duration sample, Report report) {
        this.placement = placement;
        this.rounds = rounds;
        this.sample = sample;
        this.report = report;
    }

    private interface Packets {
        Path of(int entries) throws IOException;
    }

    void measure(PacketSets packets) throws IOException {
        scale("l3fwd by routes, with checksums", Scene.Kind.L3FWD_CHECKSUM, List.of(1, 1000, MILLION),
                routes -> packets.routed(routes, PacketSets.LARGE));
        scale("BNG upstream by subscribers", Scene.Kind.BNG_UPSTREAM, List.of(1, 1000, 65536, MILLION),
                packets::upstream);
        scale("BNG downstream by subscribers", Scene.Kind.BNG_DOWNSTREAM, List.of(1, 1000, 65536, MILLION),
                packets::downstream);
        changes(packets.routed(MILLION, PacketSets.LARGE));
    }

    private void scale(String title, Scene.Kind kind, List<Integer> sizes, Packets packets) throws IOException {
        Map<String, Summary> rates = new LinkedHashMap<>();
        for (int size : sizes) {
            Scene scene = Scene.of(kind).entries(size, packets.of(size));
            try (Vnfkit own = Vnfkit.start(placement, scene)) {
                Alternation alone = new Alternation(List.of(own), sample).run(rounds);
                rates.put(Integer.toString(size), alone.rates().values().iterator().next());
            }
        }
        report.rates(title, FORWARDING_LCORES, rates);
    }

    private void changes(Path packets) throws IOException {
        Distribution times = new Distribution();
        Distribution undisturbed = new Distribution();
        Distribution during = new Distribution();
        Scene scene = Scene.of(Scene.Kind.L3FWD_CHECKSUM).entries(MILLION, packets);
        try (Vnfkit own = Vnfkit.start(placement, scene)) {
            own.start();
            own.changeRoutes(CHANGES);
            for (int round = 0; round < rounds; round++) {
                Count begin = own.count();
                LockSupport.parkNanos(sample.toNanos());
                Count before = own.count();
                times.addNanoseconds(own.changeRoutes(CHANGES));
                Count after = own.count();
                undisturbed.add(before.millionsSince(begin));
                during.add(after.millionsSince(before));
            }
            own.stop();
        }
        report.results().add("changing " + CHANGES + " of " + MILLION + " routes in one call", "milliseconds",
                Map.of("time of the call", milliseconds(times.summary())));
        Map<String, Summary> rates = new LinkedHashMap<>();
        rates.put("before", undisturbed.summary());
        rates.put("meanwhile", during.summary());
        report.rates("l3fwd while " + CHANGES + " routes change", FORWARDING_LCORES, rates);
    }

    private static Summary milliseconds(Summary micros) {
        return new Summary(micros.count(), micros.minimum() / MICROS, micros.percentile10() / MICROS,
                micros.median() / MICROS, micros.percentile90() / MICROS, micros.maximum() / MICROS);
    }
}
