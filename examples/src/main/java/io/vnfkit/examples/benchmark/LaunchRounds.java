package io.vnfkit.examples.benchmark;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rounds in which each contestant launches once. Not thread-safe. */
final class LaunchRounds {

    private final List<Contestant> contestants;
    private final VnfkitContestant vnfkit;
    private final Map<String, Distribution> distributions = new LinkedHashMap<>();

    LaunchRounds(List<Contestant> contestants, VnfkitContestant vnfkit) {
        this.contestants = contestants;
        this.vnfkit = vnfkit;
    }

    /**
     * One round.
     *
     * @param round its number, which decides who begins; negative ones do not count
     * @param rest what happens before each launch
     */
    void launchAll(int round, Runnable rest) throws IOException {
        Map<String, LaunchTiming> timings = new LinkedHashMap<>();
        for (int turn = 0; turn < contestants.size(); turn++) {
            Contestant contestant = contestants.get(Math.floorMod(round + turn, contestants.size()));
            rest.run();
            timings.put(contestant.name(), contestant.launch());
        }
        if (round >= 0) {
            contestants.forEach(contestant -> record(contestant.name(), timings.get(contestant.name())));
            of("vnfkit: launch() returned").addNanoseconds(vnfkit.returned());
            contestants.stream().filter(contestant -> contestant != vnfkit).forEach(contestant ->
                    recordRatio(contestant.name(), timings.get(vnfkit.name()), timings.get(contestant.name())));
        }
    }

    private void record(String name, LaunchTiming timing) {
        of(name + ": first instruction").addNanoseconds(timing.firstInstruction());
        of(name + ": caller has its output").addNanoseconds(timing.arrived());
        of(name + ": taken down").addNanoseconds(timing.takenDown());
    }

    private void recordRatio(String name, LaunchTiming own, LaunchTiming other) {
        of(ratioName(name)).add((double) own.firstInstruction() / other.firstInstruction());
    }

    private static String ratioName(String name) {
        return "vnfkit / " + name + ", first instruction";
    }

    private Distribution of(String what) {
        return distributions.computeIfAbsent(what, absent -> new Distribution());
    }

    Map<String, Summary> summaries() {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        distributions.forEach((what, distribution) -> summaries.put(what, distribution.summary()));
        return summaries;
    }

    /** The median of the ratios to another contestant; empty if it did not take part. */
    Optional<Double> ratio(String name) {
        return Optional.ofNullable(distributions.get(ratioName(name))).map(ratios -> ratios.summary().median());
    }
}
