package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.ivshmem.Comparison.Start;
import io.vnfkit.examples.benchmark.ivshmem.Contestant.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs comparisons. Each has new processes and new memory several times, since where things lie in memory and what a JVM's
 * compiler makes of a loop decide about some tenths of its speed, and stay as they are for the life of a process. In
 * between, contestants take turns, in an order that turns too.
 *
 * <p>A round in which something else had one of the CPUs, or the host of a virtual machine moved them, does not count, and
 * is repeated as long as there is patience.
 *
 * @param programs directory of the compiled C programs
 * @param placement the CPUs
 * @param forks how often the processes are started anew
 * @param rounds that count, of each fork
 * @param sample how long a turn is
 * @param ordinaryPages whether the memory is on ordinary pages rather than hugepages
 */
record Forks(Path programs, Placement placement, int forks, int rounds, Duration sample, boolean ordinaryPages) {

    /** The first rounds are for the compiler of the JVM. */
    private static final int WARM_UP = 8;
    /** How many rounds there are at most for one that counts. */
    private static final int PATIENCE = 20;

    private static final Duration PROBE = Duration.ofMillis(2);

    /** What becomes of a round. */
    interface Record {

        /**
         * Takes the turns of all contestants, by their names, in the order of the comparison.
         *
         * @param roundTrip between the CPUs, in nanoseconds
         */
        void take(double roundTrip, Map<String, Turn> turns, Map<String, Contestant> contestants) throws IOException;
    }

    /**
     * Runs a comparison.
     *
     * @throws IOException if a process fails, or the machine is too busy for any round to count
     */
    void run(Comparison comparison, Record record) throws IOException {
        for (int fork = 0; fork < forks; fork++) {
            try (SharedMemory memory = SharedMemory.make(ordinaryPages);
                    Contestant probe = new Contestant(RoundTrips.cAndC(programs, placement, memory))) {
                Map<String, Contestant> contestants = new LinkedHashMap<>();
                try {
                    for (Map.Entry<String, Start> each : comparison.contestants().entrySet()) {
                        contestants.put(each.getKey(), new Contestant(each.getValue().sides(memory)));
                    }
                    run(contestants, probe, record);
                } finally {
                    for (Contestant contestant : contestants.values()) {
                        contestant.close();
                    }
                }
            }
        }
    }

    private void run(Map<String, Contestant> contestants, Contestant probe, Record record) throws IOException {
        int counted = 0;
        for (int round = 0; counted < rounds; round++) {
            if (round == WARM_UP + PATIENCE * rounds) {
                throw new IOException("this machine is too busy: in most of " + round
                        + " rounds something else had the CPUs that are measured");
            }
            double before = roundTrip(probe);
            Map<String, Turn> turns = round(round, contestants);
            double after = roundTrip(probe);
            boolean isStill = Distance.of(before) == Distance.of(after)
                    && turns.values().stream().allMatch(Turn::isUndisturbed);
            if (round >= WARM_UP && isStill) {
                record.take(after, turns, contestants);
                counted++;
            }
        }
    }

    private static double roundTrip(Contestant probe) throws IOException {
        probe.take(PROBE);
        return new Latencies().add(probe.latencies());
    }

    private Map<String, Turn> round(int number, Map<String, Contestant> contestants) throws IOException {
        List<String> names = new ArrayList<>(contestants.keySet());
        Map<String, Turn> turns = new LinkedHashMap<>();
        names.forEach(name -> turns.put(name, null));
        for (int turn = 0; turn < names.size(); turn++) {
            String name = names.get((number + turn) % names.size());
            turns.put(name, contestants.get(name).take(sample));
        }
        return turns;
    }
}
