package io.vnfkit.examples.benchmark;

import io.vnfkit.RunningVnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Many VNFs launched and closed at once, each by a thread of its own: all have to succeed and leave nothing, and the
 * time of all divided by their number is held against that of one VNF after another.
 */
@Command(name = "Parallel", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Many VNFs launched and closed at once.")
public final class Parallel implements Callable<Integer> {

    private static final double TWICE = 2;

    @Option(names = "--vnfs", defaultValue = "200", description = "how many at once (${DEFAULT-VALUE})")
    private int vnfs;

    @Option(names = "--rounds", defaultValue = "5", description = "rounds that count (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "500", description = "launches before (${DEFAULT-VALUE})")
    private int warmUp;

    @Mixin
    private Options options;

    private final VnfLauncher launcher = VnfLauncher.onThisHost();

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Parallel()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Distribution single = new Distribution();
        Distribution parallel = new Distribution();
        Distribution ratios = new Distribution();
        List<String> left = new ArrayList<>();
        try (LaunchScene scene = LaunchScene.make(options.programs)) {
            for (int i = 0; i < warmUp; i++) {
                launchAndClose(scene, 0);
            }
            for (int round = 0; round < rounds; round++) {
                Traces before = Traces.look(Host.thisHost());
                double alone = medianAlone(scene, single);
                double together = (double) launchTogether(scene) / vnfs;
                parallel.addNanoseconds(Math.round(together));
                ratios.add(together / alone);
                left.addAll(Traces.look(Host.thisHost()).since(before));
            }
        }
        return report(machine, single, parallel, ratios, left);
    }

    private int report(MeasuredMachine machine, Distribution single, Distribution parallel, Distribution ratios,
            List<String> left) throws IOException {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        summaries.put("one VNF after another: each", single.summary());
        summaries.put(vnfs + " at once: total divided by " + vnfs, parallel.summary());
        summaries.put("ratio in each round", ratios.summary());
        Table table = Table.ofDistributions("launch and close, microseconds and ratios");
        summaries.forEach(table::distribution);
        System.out.println(table);
        left.forEach(trace -> System.out.println("left behind: " + trace));
        List<Goal> goals = List.of(
                Goal.atMost("time per launch and close, of that of a single one", TWICE, ratios.summary().median(), ""),
                Goal.atMost("what is left behind", 0, left.size(), ""));
        Map<String, Object> results = Map.of("distributions", summaries, "leftBehind", left);
        return ResultFile.write(options.results, "parallel", machine,
                Map.of("vnfs", vnfs, "rounds", rounds, "warmUp", warmUp), results, goals);
    }

    /** The median of a quarter as many VNFs, one after another, in nanoseconds. */
    private double medianAlone(LaunchScene scene, Distribution all) throws IOException {
        Distribution own = new Distribution();
        for (int i = 0; i < Math.max(1, vnfs / 4); i++) {
            long start = System.nanoTime();
            launchAndClose(scene, i);
            long time = System.nanoTime() - start;
            own.add(time);
            all.addNanoseconds(time);
        }
        return own.summary().median();
    }

    private long launchTogether(LaunchScene scene) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(vnfs);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> launches = new ArrayList<>();
            for (int i = 0; i < vnfs; i++) {
                int number = i;
                launches.add(threads.submit(() -> {
                    start.await();
                    launchAndClose(scene, number);
                    return null;
                }));
            }
            long begin = System.nanoTime();
            start.countDown();
            awaitAll(launches);
            return System.nanoTime() - begin;
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitAll(List<Future<?>> launches) throws IOException, InterruptedException {
        for (Future<?> launch : launches) {
            try {
                launch.get();
            } catch (ExecutionException failure) {
                throw new IOException("a launch among others failed", failure.getCause());
            }
        }
    }

    private void launchAndClose(LaunchScene scene, int number) throws IOException {
        try (RunningVnf running = launcher.launch(scene.vnf("benchmark-parallel-" + number))) {
            if (running.standardOutput().readNBytes(LaunchScene.MESSAGE_SIZE).length != LaunchScene.MESSAGE_SIZE) {
                throw new IOException("VNF " + number + " said nothing");
            }
        }
    }
}
