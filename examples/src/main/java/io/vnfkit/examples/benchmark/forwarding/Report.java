package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.examples.benchmark.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, printed as it comes. Not thread-safe. */
final class Report {

    private final Map<String, Map<String, Summary>> results = new LinkedHashMap<>();
    private final Map<String, Summary> ratios = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();

    Map<String, Map<String, Summary>> results() {
        return results;
    }

    /** All ratios to a peer, by what was compared. */
    Map<String, Summary> ratios() {
        return ratios;
    }

    List<Goal> goals() {
        return goals;
    }

    void goal(Goal goal) {
        goals.add(goal);
    }

    void add(String title, String unit, Map<String, Summary> summaries) {
        results.put(title + ", " + unit, summaries);
        Table table = new Table(title + ", " + unit, "median", "10%", "90%", "count");
        summaries.forEach((name, summary) -> table.row(name, number(summary.median()), number(summary.percentile10()),
                number(summary.percentile90()), summary.count()));
        System.out.println(table);
    }

    private static String number(double value) {
        return String.format(Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }

    /** The rates of contestants and, for each of the others, the ratio of the first; the least ratio is the goal. */
    void compare(String title, Alternation measured, double leastRatio) {
        add(title, "millions of packets/s", measured.rates());
        add(title, "ratio", measured.ratios());
        measured.ratios().forEach((peer, ratio) -> ratios.put(title, ratio));
        measured.ratios().forEach((peer, ratio) ->
                goal(Goal.atLeast(title + ": rate by that of " + peer, leastRatio, ratio.median(), "")));
    }
}
