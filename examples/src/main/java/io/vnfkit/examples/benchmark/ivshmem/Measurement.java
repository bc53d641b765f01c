package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What contestants did in a comparison, by the distance of the CPUs meanwhile. */
final class Measurement {

    /** Fewer rounds at a distance say nothing. */
    private static final int LEAST_ROUNDS = 5;

    private final Map<Distance, Group> groups = new EnumMap<>(Distance.class);

    private Measurement() {}

    /** How many elements a second each contestant moves. */
    static Measurement ofRates(Forks forks, Comparison comparison) throws IOException {
        Measurement measurement = new Measurement();
        forks.run(comparison, (roundTrip, turns, contestants) -> {
            Map<String, Double> rates = new LinkedHashMap<>();
            turns.forEach((name, turn) -> rates.put(name, turn.millionsPerSecond()));
            measurement.at(roundTrip).record(roundTrip, rates);
        });
        return measurement;
    }

    /** How many nanoseconds a round trip takes each contestant, on average, and how they are distributed. */
    static Measurement ofRoundTrips(Forks forks, Comparison comparison) throws IOException {
        Measurement measurement = new Measurement();
        forks.run(comparison, (roundTrip, turns, contestants) -> {
            Group group = measurement.at(roundTrip);
            for (String name : turns.keySet()) {
                group.latencies(name).add(contestants.get(name).latencies());
            }
            Map<String, Double> means = new LinkedHashMap<>();
            turns.forEach((name, turn) -> means.put(name, 1000 / turn.millionsPerSecond()));
            group.record(roundTrip, means);
        });
        return measurement;
    }

    private Group at(double roundTrip) {
        return groups.computeIfAbsent(Distance.of(roundTrip), absent -> new Group());
    }

    /** Those with enough rounds. */
    Map<Distance, Group> groups() {
        Map<Distance, Group> enough = new EnumMap<>(groups);
        enough.values().removeIf(group -> group.rounds() < LEAST_ROUNDS);
        return enough;
    }
}
