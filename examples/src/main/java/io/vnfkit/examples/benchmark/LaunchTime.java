package io.vnfkit.examples.benchmark;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time from the call of {@code launch()}, planning included, to the first instruction of the VNF, against {@code crun
 * run}, {@code runc run} and one C program that makes the same system calls.
 *
 * <p>The C program takes part twice: running all the time, as the JVM does, which is what the goal is held against, and
 * started for each launch, as the runtimes are.
 *
 * <p>All contestants launch once in each round, in an order that turns, and ratios are taken within a round: what
 * disturbs the machine for a while disturbs all of them. Two scenes: one launch after the other, and each after a pause
 * in which the kernel comes to rest, where joining a version 1 control group by cgroup.procs waits for an RCU grace
 * period.
 */
@Command(name = "LaunchTime", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Time to the first instruction of a VNF, against crun, runc and a C program.")
public final class LaunchTime implements Callable<Integer> {

    private static final double QUARTER_OF_CRUN = 0.25;
    private static final double C_PROGRAM = 1.5;

    @Option(names = "--rounds", defaultValue = "200",
            description = "rounds that count, for each scene (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "1000", description = "launches by vnfkit before (${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--pause", defaultValue = "50", description = "pause of the second scene, in ms (${DEFAULT-VALUE})")
    private long pause;

    @Option(names = "--runtimes", split = ",", defaultValue = "crun,runc",
            description = "OCI runtimes to compare with (${DEFAULT-VALUE})")
    private List<String> runtimes;

    @Mixin
    private Options options;

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LaunchTime()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Map<String, Object> results = new LinkedHashMap<>();
        List<Goal> goals = new ArrayList<>();
        try (LaunchScene scene = LaunchScene.make(options.programs)) {
            VnfkitContestant vnfkit = new VnfkitContestant(scene);
            for (int launch = 0; launch < warmUp; launch++) {
                vnfkit.launch();
            }
            measure("one after the other", Duration.ZERO, scene, vnfkit, results, goals);
            measure("each after a pause", Duration.ofMillis(pause), scene, vnfkit, results, goals);
        }
        Map<String, Object> parameters = Map.of("rounds", rounds, "warmUp", warmUp, "pauseMilliseconds", pause);
        return ResultFile.write(options.results, "launch-time", machine, parameters, results, goals);
    }

    private void measure(String title, Duration rest, LaunchScene scene, VnfkitContestant vnfkit,
            Map<String, Object> results, List<Goal> goals) throws IOException {
        List<Contestant> contestants = contestants(scene, vnfkit);
        LaunchRounds measured = new LaunchRounds(contestants, vnfkit);
        try {
            // The first launches of a program read it from disk.
            for (int round = -2; round < rounds; round++) {
                measured.launchAll(round, () -> LockSupport.parkNanos(rest.toNanos()));
            }
        } finally {
            for (Contestant contestant : contestants) {
                contestant.close();
            }
        }
        System.out.println(title + ", microseconds and ratios:");
        Table table = Table.ofDistributions("");
        Map<String, Summary> summaries = measured.summaries();
        summaries.forEach(table::distribution);
        System.out.println(table);
        results.put(title, summaries);
        measured.ratio("crun").ifPresent(ratio ->
                goals.add(Goal.atMost("first instruction, of crun's time, " + title, QUARTER_OF_CRUN, ratio, "")));
        measured.ratio(ReferenceProgram.RESIDENT).ifPresent(ratio ->
                goals.add(Goal.atMost("first instruction, of the C program's time, " + title, C_PROGRAM, ratio, "")));
    }

    private List<Contestant> contestants(LaunchScene scene, VnfkitContestant vnfkit) throws IOException {
        List<Contestant> contestants = new ArrayList<>(List.of(vnfkit,
                ReferenceProgram.resident(options.programs, scene), ReferenceProgram.started(options.programs, scene)));
        for (String name : runtimes) {
            Optional<OciRuntime> runtime = OciRuntime.find(name);
            if (runtime.isPresent()) {
                contestants.add(runtime.get().timed(options.programs, scene));
            } else {
                System.out.println("left out: " + name + " is not installed");
            }
        }
        return contestants;
    }
}
