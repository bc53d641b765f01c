package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values of contestants, and the ratios of the first's to each other one's within a round. Not thread-safe. */
final class Group {

    private final Distribution roundTrips = new Distribution();
    private final Map<String, Distribution> values = new LinkedHashMap<>();
    private final Map<String, Distribution> ratios = new LinkedHashMap<>();
    private final Map<String, Latencies> latencies = new LinkedHashMap<>();

    /**
     * Adds a round.
     *
     * @param roundTrip between the CPUs, in nanoseconds
     * @param taken value of each contestant; the first is held against the others
     */
    void record(double roundTrip, Map<String, Double> taken) {
        roundTrips.add(roundTrip);
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

    Latencies latencies(String name) {
        return latencies.computeIfAbsent(name, absent -> new Latencies());
    }

    long rounds() {
        return roundTrips.summary().count();
    }

    /** Between the CPUs, from C to C, in nanoseconds. */
    Summary roundTrips() {
        return roundTrips.summary();
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
