package io.vnfkit.examples.benchmark;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark has measured so far, printed as it comes. Not thread-safe. */
public final class Results {

    private final Map<String, Object> measured = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();

    /**
     * What was measured.
     *
     * @return a view, by what it is and its unit
     */
    public Map<String, Object> measured() {
        return Collections.unmodifiableMap(measured);
    }

    /**
     * What one has to know about it.
     *
     * @return a view, by what it is about
     */
    public Map<String, String> notes() {
        return Collections.unmodifiableMap(notes);
    }

    /**
     * The goals, and how far they are.
     *
     * @return a view
     */
    public List<Goal> goals() {
        return Collections.unmodifiableList(goals);
    }

    /**
     * Adds a goal.
     *
     * @param goal the goal
     */
    public void goal(Goal goal) {
        goals.add(goal);
    }

    /**
     * Adds and prints what one has to know.
     *
     * @param title what it is about
     * @param text what there is to know
     */
    public void note(String title, String text) {
        notes.put(title, text);
        System.out.println(title + ": " + text);
    }

    /**
     * Adds and prints distributions.
     *
     * @param title what was measured
     * @param unit of the values
     * @param summaries by who was measured
     */
    public void add(String title, String unit, Map<String, Summary> summaries) {
        String heading = title + ", " + unit;
        Table table = new Table(heading, "median", "10%", "90%", "count");
        summaries.forEach((name, summary) -> table.row(name, number(summary.median()), number(summary.percentile10()),
                number(summary.percentile90()), summary.count()));
        add(heading, summaries, table);
    }

    /**
     * Adds what is no distribution of samples, and prints it as a table.
     *
     * @param heading what was measured, with its unit
     * @param values the values
     * @param table the same for people
     */
    public void add(String heading, Object values, Table table) {
        put(heading, values);
        System.out.println(table);
    }

    /**
     * Adds without printing.
     *
     * @param heading what was measured, with its unit
     * @param values the values
     */
    public void put(String heading, Object values) {
        measured.put(heading, values);
    }

    private static String number(double value) {
        return String.format(Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
