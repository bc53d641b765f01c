package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.examples.benchmark.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, printed as it comes. Not thread-safe. */
final class Report {

    private final Map<String, Map<String, Summary>> results = new LinkedHashMap<>();
    private final Map<String, Summary> ratios = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();
    private final PacketCosts costs;

    Report(PacketCosts costs) {
        this.costs = costs;
        note("TSC cycles per packet", "cycles of the time stamp counter in the measured time, of all lcores that"
                + " forward, by packets: those lcores poll all the time, and all ports but memif and channels always have packets");
        costs.instructions().absence().ifPresent(reason -> note("instructions per packet", "not counted: " + reason));
    }

    Map<String, Map<String, Summary>> results() {
        return results;
    }

    /** All ratios to a peer, by what was compared. */
    Map<String, Summary> ratios() {
        return ratios;
    }

    /** What one has to know about results, by what it is about. */
    Map<String, String> notes() {
        return notes;
    }

    List<Goal> goals() {
        return goals;
    }

    void goal(Goal goal) {
        goals.add(goal);
    }

    void note(String title, String text) {
        notes.put(title, text);
        System.out.println(title + ": " + text);
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

    /** Rates, and the cycles per packet that follow from them. */
    void rates(String title, int lcores, Map<String, Summary> rates) {
        add(title, "millions of packets/s", rates);
        add(title, "TSC cycles per packet", costs.cycles(rates, lcores));
    }

    /** With the least ratio to each of the others as a goal. */
    void compare(String title, int lcores, Alternation measured, double leastRatio) throws IOException {
        compare(title, lcores, measured);
        measured.ratios().forEach((peer, ratio) ->
                goal(Goal.atLeast(title + ": rate by that of " + peer, leastRatio, ratio.median(), "")));
    }

    /** The rates of contestants and, for each of the others, the ratio of the first. */
    void compare(String title, int lcores, Alternation measured) throws IOException {
        rates(title, lcores, measured.rates());
        // perf is asked about one thread.
        if (lcores == 1 && costs.instructions().absence().isEmpty()) {
            add(title, "instructions per packet", measured.instructionsPerPacket(costs.instructions()));
        }
        add(title, "ratio", measured.ratios());
        measured.ratios().forEach((peer, ratio) -> ratios.put(title, ratio));
    }
}
