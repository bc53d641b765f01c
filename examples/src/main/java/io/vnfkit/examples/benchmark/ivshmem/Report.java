package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.examples.benchmark.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, printed as it comes. Not thread-safe. */
final class Report {

    private final Map<String, Object> results = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();

    Map<String, Object> results() {
        return results;
    }

    /** What one has to know about results, by what it is about. */
    Map<String, String> notes() {
        return notes;
    }

    List<Goal> goals() {
        return goals;
    }

    void note(String title, String text) {
        notes.put(title, text);
        System.out.println(title + ": " + text);
    }

    /** The rates of contestants, and the ratios of the first to the others. */
    void rates(String title, Measurement measured) {
        measured.groups().forEach((distance, group) -> {
            add(title + ", " + distance + ", millions/s", group.values());
            add(title + ", " + distance + ", ratio", group.ratios());
            roundTripBetweenCpus(title, distance, group);
        });
    }

    /** With the least ratio of the first to a peer as a goal, at each distance. */
    void rates(String title, Measurement measured, String peer, double leastRatio) {
        rates(title, measured);
        measured.groups().forEach((distance, group) -> goals.add(Goal.atLeast(title + ", " + distance
                + ": rate by that of " + peer, leastRatio, group.ratios().get(peer).median(), "")));
    }

    void roundTrips(String title, Measurement measured) {
        measured.groups().forEach((distance, group) -> roundTrips(title + ", " + distance, group));
    }

    private void roundTrips(String title, Group group) {
        results.put(title + ", nanoseconds", group.latencies());
        Table table = new Table(title + ", nanoseconds", "median", "90%", "99%", "99.9%", "99.99%", "longest", "count");
        group.latencies().forEach((name, latency) -> table.row(name, latency.median(), latency.percentile90(),
                latency.percentile99(), latency.percentile999(), latency.percentile9999(), latency.maximum(),
                latency.count()));
        System.out.println(table);
        add(title + ", nanoseconds on average", group.values());
        add(title + ", ratio of averages", group.ratios());
    }

    private void roundTripBetweenCpus(String title, Distance distance, Group group) {
        results.put(title + ", " + distance + ", round trip between the CPUs in nanoseconds", group.roundTrips());
    }

    private void add(String title, Map<String, Summary> summaries) {
        results.put(title, summaries);
        Table table = new Table(title, "median", "10%", "90%", "count");
        summaries.forEach((name, summary) -> table.row(name, number(summary.median()), number(summary.percentile10()),
                number(summary.percentile90()), summary.count()));
        System.out.println(table);
    }

    private static String number(double value) {
        return String.format(Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
