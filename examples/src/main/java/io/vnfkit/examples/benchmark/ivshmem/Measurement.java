package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values of contestants, and the ratios of the first's to each other one's within a round. Not thread-safe. */
final class Measurement {

    private final Map<String, Distribution> values = new LinkedHashMap<>();
    private final Map<String, Distribution> ratios = new LinkedHashMap<>();
    private final Map<String, Latencies> latencies = new LinkedHashMap<>();

    private Measurement() {}

    /** How many elements a second each contestant moves. */
    static Measurement ofRates(Forks forks, Comparison comparison) throws IOException {
        Measurement measurement = new Measurement();
        forks.run(comparison, (turns, contestants) -> {
            Map<String, Double> rates = new LinkedHashMap<>();
            turns.forEach((name, turn) -> rates.put(name, turn.millionsPerSecond()));
            measurement.record(rates);
        });
        return measurement;
    }

    /** How long a round trip takes each contestant. */
    static Measurement ofRoundTrips(Forks forks, Comparison comparison) throws IOException {
        Measurement measurement = new Measurement();
        forks.run(comparison, (turns, contestants) -> {
            Map<String, Double> medians = new LinkedHashMap<>();
            for (String name : turns.keySet()) {
                medians.put(name, measurement.latencies.computeIfAbsent(name, absent -> new Latencies())
                        .add(contestants.get(name).latencies()));
            }
            measurement.record(medians);
        });
        return measurement;
    }

    private void record(Map<String, Double> taken) {
        String first = taken.keySet().iterator().next();
        taken.forEach((name, value) -> {
            of(values, name).add(value);
            if (!name.equals(first)) {
                of(ratios, name).add(taken.get(first) / value);
            }
        });
    }

    private static Distribution of(Map<String, Distribution> distributions, String name) {
        return distributions.computeIfAbsent(name, absent -> new Distribution());
    }

    Map<String, Summary> values() {
        return summaries(values);
    }

    Map<String, Summary> ratios() {
        return summaries(ratios);
    }

    private static Map<String, Summary> summaries(Map<String, Distribution> distributions) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        distributions.forEach((name, distribution) -> summaries.put(name, distribution.summary()));
        return summaries;
    }

    Map<String, Latencies.Summary> latencies() {
        Map<String, Latencies.Summary> summaries = new LinkedHashMap<>();
        latencies.forEach((name, each) -> summaries.put(name, each.summary()));
        return summaries;
    }
}
