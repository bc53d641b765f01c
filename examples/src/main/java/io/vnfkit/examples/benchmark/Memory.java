package io.vnfkit.examples.benchmark;

import io.vnfkit.RunningVnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Memory that a VNF costs beside itself: that of its supervisor, and apart from it what the kernel keeps for its
 * namespaces, mounts and control groups, and what the JVM keeps for its handle. The VNF itself is one page of code that
 * waits.
 */
@Command(name = "Memory", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Memory that a VNF costs beside itself.")
public final class Memory implements Callable<Integer> {

    private static final double HUNDRED_KILOBYTES = 100;

    @Option(names = "--vnfs", defaultValue = "100", description = "how many run at once (${DEFAULT-VALUE})")
    private int vnfs;

    @Mixin
    private Options options;

    private final KernelFiles files = Host.thisHost().files();

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Memory()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Map<String, Double> perVnf;
        try (LaunchScene scene = LaunchScene.make(options.programs)) {
            // Classes and code that the first launches load are no cost of a VNF.
            measure(scene, "benchmark-warm", Math.min(vnfs, 20));
            perVnf = measure(scene, "benchmark-memory", vnfs);
        }
        Table table = new Table("for each of " + vnfs + " VNFs", "KiB");
        perVnf.forEach((what, kibibytes) -> table.row(what, String.format("%.1f", kibibytes)));
        System.out.println(table);
        List<Goal> goals = List.of(Goal.atMost("resident memory of the supervisor, shared pages included",
                HUNDRED_KILOBYTES, perVnf.get(Supervisors.RESIDENT), " KiB"));
        return ResultFile.write(options.results, "memory", machine, Map.of("vnfs", vnfs),
                Map.of("kibibytesPerVnf", perVnf), goals);
    }

    private Map<String, Double> measure(LaunchScene scene, String prefix, int count) throws IOException {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        List<RunningVnf> running = new ArrayList<>();
        Map<String, Long> before = shared();
        try {
            for (int i = 0; i < count; i++) {
                RunningVnf vnf = launcher.launch(scene.vnf(prefix + "-" + i, "stay"));
                running.add(vnf);
                vnf.standardOutput().readNBytes(LaunchScene.MESSAGE_SIZE);
            }
            Map<String, Long> after = shared();
            Map<String, Double> perVnf = new LinkedHashMap<>(Supervisors.of(files, running).perVnf());
            after.forEach((what, value) -> perVnf.put(what, (double) (value - before.get(what)) / count));
            return perVnf;
        } finally {
            running.forEach(RunningVnf::close);
        }
    }

    /**
     * What cannot be told apart by process: measured before and after. Grows with everything that runs on the machine.
     */
    private Map<String, Long> shared() {
        System.gc();
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("memory of the machine, all in all", -kibibytes("/proc/meminfo", "MemAvailable:"));
        values.put("of that: slabs of the kernel", kibibytes("/proc/meminfo", "Slab:"));
        values.put("of that: per-CPU memory of the kernel", kibibytes("/proc/meminfo", "Percpu:"));
        values.put("heap of the JVM", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024);
        values.put("resident memory of the JVM", kibibytes("/proc/self/status", "VmRSS:"));
        return values;
    }

    private long kibibytes(String file, String key) {
        return Supervisors.kibibytes(files, file, key);
    }
}
