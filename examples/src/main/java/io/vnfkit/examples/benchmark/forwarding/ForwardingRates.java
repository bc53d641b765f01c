package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.MeasuredMachine;
import io.vnfkit.examples.benchmark.Options;
import io.vnfkit.examples.benchmark.ResultFile;
import io.vnfkit.examples.benchmark.Results;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast the forwarding core is, against dpdk-testpmd and DPDK's l3fwd on the same ports and CPUs. */
@Command(name = "ForwardingRates", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Packets per second and lcore, against dpdk-testpmd and DPDK's l3fwd.")
public final class ForwardingRates implements Callable<Integer> {

    @Option(names = "--rounds", defaultValue = "9", description = "rounds that count (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--sample", defaultValue = "200", description = "length of a sample, in ms (${DEFAULT-VALUE})")
    private long sample;

    @Option(names = "--control-cpu", defaultValue = "0", description = "CPU of everything else (${DEFAULT-VALUE})")
    private int controlCpu;

    @Option(names = "--forwarding-cpu", defaultValue = "1", description = "CPU that forwards (${DEFAULT-VALUE})")
    private int forwardingCpu;

    @Option(names = "--second-cpu", description = "CPU of a second lcore, and of the traffic over memif; without it,"
            + " that of everything else")
    private Integer secondCpu;

    @Option(names = "--l3fwd", description = "DPDK's l3fwd, built for the installed DPDK; without it, that comparison is"
            + " left out")
    private Path l3fwd;

    @Option(names = "--parts", split = ",", defaultValue = "testpmd,lcores,memif,region,l3fwd,tables,container,garbage,start",
            description = "what to measure (${DEFAULT-VALUE})")
    private Set<String> parts;

    @Mixin
    private Options options;

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ForwardingRates()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Placement placement =
                new Placement(controlCpu, forwardingCpu, Objects.requireNonNullElse(secondCpu, controlCpu));
        Duration length = Duration.ofMillis(sample);
        PacketCosts costs = PacketCosts.ofThisMachine(placement);
        Report report = new Report(costs);
        try (PacketSets packets = new PacketSets()) {
            Comparisons comparisons = new Comparisons(placement, rounds, length, report);
            part("testpmd", comparisons::withTestpmd);
            part("lcores", comparisons::byLcores);
            part("memif", () -> comparisons.overMemif(packets));
            part("region", () -> comparisons.overRegion(packets));
            part("l3fwd", () -> againstL3fwd(comparisons, packets));
            part("tables", () -> new TableSizes(placement, rounds, length, report).measure(packets));
        }
        Disturbances disturbances = new Disturbances(placement, rounds, length, report);
        part("container", disturbances::container);
        part("garbage", disturbances::garbage);
        part("start", disturbances::start);
        Results results = report.results();
        Files.createDirectories(options.results);
        RatioPlot.write(options.results.resolve("forwarding.svg"), report.ratios());
        return ResultFile.write(options.results, "forwarding", machine, parameters(placement, costs, results),
                results.measured(), results.goals());
    }

    private Map<String, Object> parameters(Placement placement, PacketCosts costs, Results results) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("rounds", rounds);
        parameters.put("sampleMilliseconds", sample);
        parameters.put("placement", placement);
        parameters.put("tscHertz", costs.tscHertz());
        parameters.put("notes", results.notes());
        return parameters;
    }

    private interface Part {
        void measure() throws IOException;
    }

    private void part(String name, Part part) throws IOException {
        if (parts.contains(name)) {
            part.measure();
        }
    }

    private void againstL3fwd(Comparisons comparisons, PacketSets packets) throws IOException {
        if (l3fwd != null && Files.isExecutable(l3fwd)) {
            comparisons.withL3fwd(l3fwd, packets);
            return;
        }
        System.out.println("left out: the comparison with DPDK's l3fwd. Build examples/l3fwd of the sources of the"
                + " installed DPDK with make, without RTE_ETH_RX_OFFLOAD_CHECKSUM in main.c, and say --l3fwd=PATH");
    }
}
