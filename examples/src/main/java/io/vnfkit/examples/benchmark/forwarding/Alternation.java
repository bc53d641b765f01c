package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.forwarding.Contestant.Count;
import io.vnfkit.examples.benchmark.forwarding.InstructionCounter.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Rounds in which every contestant forwards once, in an order that turns. Ratios are taken within a round: what disturbs
 * the machine for a while disturbs all of them.
 */
final class Alternation {

    private static final Duration SETTLING = Duration.ofMillis(30);
    private static final int INSTRUCTION_ROUNDS = 3;
    private static final Path PROCFS = Path.of("/proc");

    private final Map<Contestant, Distribution> rates = new LinkedHashMap<>();
    private final Map<Contestant, Distribution> ratios = new LinkedHashMap<>();
    private final List<Contestant> contestants;
    private final Duration sample;

    /** The first contestant is held against each of the others. */
    Alternation(List<Contestant> contestants, Duration sample) {
        this.contestants = contestants;
        this.sample = sample;
        contestants.forEach(contestant -> rates.put(contestant, new Distribution()));
        contestants.stream().skip(1).forEach(contestant -> ratios.put(contestant, new Distribution()));
    }

    /** Measures. A round in which a contestant got no time on its CPU says nothing about it, and is repeated. */
    Alternation run(int rounds) throws IOException {
        // The first round warms up and does not count.
        round(0);
        int idle = 0;
        for (int round = 1; round <= rounds; round++) {
            Map<Contestant, Double> measured = round(round + idle);
            if (!measured.containsValue(0.0)) {
                record(measured);
                continue;
            }
            idle++;
            round--;
            if (idle > rounds) {
                throw new IOException("a contestant forwards nothing: " + measured.values());
            }
        }
        if (idle > 0) {
            System.out.println(idle + " rounds repeated, in which a contestant sent nothing");
        }
        return this;
    }

    private Map<Contestant, Double> round(int number) throws IOException {
        Map<Contestant, Double> measured = new LinkedHashMap<>();
        for (int turn = 0; turn < contestants.size(); turn++) {
            Contestant contestant = contestants.get((number + turn) % contestants.size());
            measured.put(contestant, sample(contestant));
        }
        return measured;
    }

    private void record(Map<Contestant, Double> measured) {
        measured.forEach((contestant, rate) -> rates.get(contestant).add(rate));
        double own = measured.get(contestants.get(0));
        ratios.forEach((other, ratio) -> ratio.add(own / measured.get(other)));
    }

    private double sample(Contestant contestant) throws IOException {
        contestant.start();
        LockSupport.parkNanos(SETTLING.toNanos());
        Count before = contestant.count();
        LockSupport.parkNanos(sample.toNanos());
        Count after = contestant.count();
        contestant.stop();
        return after.millionsSince(before);
    }

    /** Instructions of the forwarding lcore for each packet, by contestant, in rounds of their own. */
    Map<String, Summary> instructionsPerPacket(InstructionCounter counter) throws IOException {
        Map<Contestant, Distribution> instructions = new LinkedHashMap<>();
        contestants.forEach(contestant -> instructions.put(contestant, new Distribution()));
        for (int round = 0; round < INSTRUCTION_ROUNDS; round++) {
            for (Contestant contestant : contestants) {
                instructions.get(contestant).add(instructionsPerPacket(contestant, counter));
            }
        }
        return byName(instructions);
    }

    private double instructionsPerPacket(Contestant contestant, InstructionCounter counter) throws IOException {
        contestant.start();
        LockSupport.parkNanos(SETTLING.toNanos());
        Count before = contestant.count();
        Reading reading = counter.count(LcoreThread.of(PROCFS, contestant.pid()), sample);
        Count after = contestant.count();
        contestant.stop();
        return reading.perPacket(after.millionsSince(before));
    }

    /** Millions of packets per second, by contestant. */
    Map<String, Summary> rates() {
        return byName(rates);
    }

    /** The first contestant's rate by that of each other one. */
    Map<String, Summary> ratios() {
        return byName(ratios);
    }

    private static Map<String, Summary> byName(Map<Contestant, Distribution> distributions) {
        return distributions.entrySet().stream().collect(Collectors.toMap(entry -> entry.getKey().name(),
                entry -> entry.getValue().summary(), (one, other) -> one, LinkedHashMap::new));
    }
}
