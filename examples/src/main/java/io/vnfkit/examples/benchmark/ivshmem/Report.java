package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.examples.benchmark.Results;
import io.vnfkit.examples.benchmark.Table;

/** Reports what contestants reach at each distance of the CPUs. Not thread-safe. */
final class Report {

    private final Results results = new Results();

    Results results() {
        return results;
    }

    /** The rates of contestants, and the ratios of the first to the others. */
    void rates(String title, Measurement measured) {
        measured.groups().forEach((distance, group) -> {
            results.add(title + ", " + distance, "millions/s", group.values());
            results.add(title + ", " + distance, "ratio", group.ratios());
            results.put(title + ", " + distance + ", round trip between the CPUs in nanoseconds", group.roundTrips());
        });
    }

    /** With the least ratio of the first to a peer as a goal, at each distance. */
    void rates(String title, Measurement measured, String peer, double leastRatio) {
        rates(title, measured);
        measured.groups().forEach((distance, group) -> results.goal(Goal.atLeast(title + ", " + distance
                + ": rate by that of " + peer, leastRatio, group.ratios().get(peer).median(), "")));
    }

    void roundTrips(String title, Measurement measured) {
        measured.groups().forEach((distance, group) -> roundTrips(title + ", " + distance, group));
    }

    private void roundTrips(String title, Group group) {
        String heading = title + ", nanoseconds";
        Table table = new Table(heading, "median", "90%", "99%", "99.9%", "99.99%", "longest", "count");
        group.latencies().forEach((name, latency) -> table.row(name, latency.median(), latency.percentile90(),
                latency.percentile99(), latency.percentile999(), latency.percentile9999(), latency.maximum(),
                latency.count()));
        results.add(heading, group.latencies(), table);
        results.add(title, "nanoseconds on average", group.values());
        results.add(title, "ratio of averages", group.ratios());
    }
}
