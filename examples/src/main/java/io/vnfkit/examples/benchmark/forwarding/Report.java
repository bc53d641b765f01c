package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.examples.benchmark.Results;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reports rates, with what packets cost, and compares contestants. Not thread-safe. */
final class Report {

    private final Results results = new Results();
    private final Map<String, Summary> ratios = new LinkedHashMap<>();
    private final PacketCosts costs;

    Report(PacketCosts costs) {
        this.costs = costs;
        results.note("TSC cycles per packet", "cycles of the time stamp counter in the measured time, of all lcores that"
                + " forward, by packets: those lcores poll all the time, and all ports but memif and channels always have packets");
        costs.instructions().absence()
                .ifPresent(reason -> results.note("instructions per packet", "not counted: " + reason));
    }

    Results results() {
        return results;
    }

    /** All ratios to a peer, by what was compared. */
    Map<String, Summary> ratios() {
        return ratios;
    }

    /** Rates, and the cycles per packet that follow from them. */
    void rates(String title, int lcores, Map<String, Summary> rates) {
        results.add(title, "millions of packets/s", rates);
        results.add(title, "TSC cycles per packet", costs.cycles(rates, lcores));
    }

    /** With the least ratio to each of the others as a goal. */
    void compare(String title, int lcores, Alternation measured, double leastRatio) throws IOException {
        compare(title, lcores, measured);
        measured.ratios().forEach((peer, ratio) ->
                results.goal(Goal.atLeast(title + ": rate by that of " + peer, leastRatio, ratio.median(), "")));
    }

    /** The rates of contestants and, for each of the others, the ratio of the first. */
    void compare(String title, int lcores, Alternation measured) throws IOException {
        rates(title, lcores, measured.rates());
        // perf is asked about one thread.
        if (lcores == 1 && costs.instructions().absence().isEmpty()) {
            results.add(title, "instructions per packet", measured.instructionsPerPacket(costs.instructions()));
        }
        results.add(title, "ratio", measured.ratios());
        measured.ratios().forEach((peer, ratio) -> ratios.put(title, ratio));
    }
}
