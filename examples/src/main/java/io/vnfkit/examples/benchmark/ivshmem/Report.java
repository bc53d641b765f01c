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

    void rates(String title, Measurement measured) {
        add(title + ", millions/s", measured.values());
        add(title + ", ratio", measured.ratios());
    }

    /** The rates of contestants, and the least ratio of the first to a peer. */
    void rates(String title, Measurement measured, String peer, double leastRatio) {
        rates(title, measured);
        goals.add(Goal.atLeast(title + ": rate by that of " + peer, leastRatio, measured.ratios().get(peer).median(), ""));
    }

    void roundTrips(String title, Measurement measured) {
        results.put(title + ", nanoseconds", measured.latencies());
        Table table = new Table(title + ", nanoseconds", "median", "90%", "99%", "99.9%", "99.99%", "longest", "count");
        measured.latencies().forEach((name, latency) -> table.row(name, latency.median(), latency.percentile90(),
                latency.percentile99(), latency.percentile999(), latency.percentile9999(), latency.maximum(),
                latency.count()));
        System.out.println(table);
        add(title + ", ratio of medians", measured.ratios());
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
