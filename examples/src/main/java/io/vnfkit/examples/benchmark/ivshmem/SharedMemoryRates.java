package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.MeasuredMachine;
import io.vnfkit.examples.benchmark.Options;
import io.vnfkit.examples.benchmark.ResultFile;
import io.vnfkit.examples.benchmark.Results;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.jctools.queues.SpscArrayQueue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast shared memory is, against Agrona and JCTools in Java and DPDK's rte_ring in C. */
@Command(name = "SharedMemoryRates", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Messages and descriptors per second over shared memory, and round trips.")
public final class SharedMemoryRates implements Callable<Integer> {

    @Option(names = "--forks", defaultValue = "5", description = "how often processes are started anew (${DEFAULT-VALUE})")
    private int forks;

    @Option(names = "--rounds", defaultValue = "9", description = "rounds that count, of each fork (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--sample", defaultValue = "30", description = "length of a turn, in ms (${DEFAULT-VALUE})")
    private long sample;

    @Option(names = "--producing-cpu", defaultValue = "0", description = "CPU of producers (${DEFAULT-VALUE})")
    private int producingCpu;

    @Option(names = "--consuming-cpu", defaultValue = "1", description = "CPU of consumers (${DEFAULT-VALUE})")
    private int consumingCpu;

    @Option(names = "--ordinary-pages", description = "for a machine without hugepages, or without root")
    private boolean ordinaryPages;

    @Option(names = "--parts", split = ",", defaultValue = "messages,jvms,descriptors,jctools,round-trips",
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
        System.exit(new CommandLine(new SharedMemoryRates()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Placement placement = new Placement(producingCpu, consumingCpu);
        Forks trials = new Forks(options.programs, placement, forks, rounds, Duration.ofMillis(sample), ordinaryPages);
        Report report = new Report();
        Results results = report.results();
        results.note("CPUs near, CPUs far", "by the round trip over rte_ring from C to C right before and after a"
                + " round, below " + (int) Distance.NEAR_NANOSECONDS + " ns or not; the host of a virtual machine may move its CPUs"
                + " from two threads of one core to two cores and back");
        MessageRates messages = new MessageRates(placement, trials, report);
        part("messages", messages::measure);
        part("jvms", messages::betweenJvms);
        DescriptorRates descriptors = new DescriptorRates(placement, options.programs, trials, report);
        part("descriptors", descriptors::withC);
        part("jctools", descriptors::againstJctools);
        part("round-trips", new RoundTrips(placement, options.programs, trials, report)::measure);
        return ResultFile.write(options.results, "ivshmem", machine, parameters(placement, results), results.measured(),
                results.goals());
    }

    private interface Part {
        void measure() throws IOException;
    }

    private void part(String name, Part part) throws IOException {
        if (parts.contains(name)) {
            part.measure();
        }
    }

    private Map<String, Object> parameters(Placement placement, Results results) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("forks", forks);
        parameters.put("rounds", rounds);
        parameters.put("sampleMilliseconds", sample);
        parameters.put("placement", placement);
        parameters.put("pages", ordinaryPages ? "ordinary" : "hugepages of 2 MiB");
        parameters.put("peers", List.of(jar(OneToOneRingBuffer.class), jar(SpscArrayQueue.class)));
        parameters.put("notes", results.notes());
        return parameters;
    }

    /** Not every jar says its version inside. */
    private static String jar(Class<?> peer) {
        return Path.of(peer.getProtectionDomain().getCodeSource().getLocation().getPath()).getFileName().toString();
    }
}
