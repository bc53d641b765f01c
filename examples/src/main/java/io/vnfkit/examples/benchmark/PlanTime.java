package io.vnfkit.examples.benchmark;

import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time to plan the launch of a DPDK program on a server with two sockets, 144 threads and 64 ports: eight CPUs, one
 * node, two ports, a hugetlbfs volume, and masks over everything that is not granted. The server is a fake one, made of
 * some ten thousand files.
 */
@Command(name = "PlanTime", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Time to plan a launch on a server with two sockets, 144 threads and 64 ports.")
public final class PlanTime implements Callable<Integer> {

    private static final double TWENTY_MILLISECONDS = 20_000;

    @Option(names = "--rounds", defaultValue = "200", description = "plans that count (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "300", description = "plans before (${DEFAULT-VALUE})")
    private int warmUp;

    @Mixin
    private Options options;

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PlanTime()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        MeasuredMachine machine = MeasuredMachine.look(Host.thisHost(), options.command);
        Path memory = Path.of("/dev/shm");
        Path directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "vnfkit-benchmark") : Files.createTempDirectory("vnfkit-benchmark");
        try {
            return measure(machine, directory);
        } finally {
            remove(directory);
        }
    }

    private int measure(MeasuredMachine machine, Path directory) throws IOException {
        FakeHost server = FakeHost.largeServer(directory.resolve("server")).build();
        Path program = server.file("/usr/bin/dpdk-testpmd");
        Files.createDirectories(program.getParent());
        Files.createFile(program);
        program.toFile().setExecutable(true);
        VnfLauncher launcher = VnfLauncher.on(server.host());
        Vnf vnf = vnf();
        LaunchPlan plan = launcher.plan(vnf);
        Distribution times = new Distribution();
        for (int round = -warmUp; round < rounds; round++) {
            long start = System.nanoTime();
            plan = launcher.plan(vnf);
            if (round >= 0) {
                times.addNanoseconds(System.nanoTime() - start);
            }
        }
        System.out.println(Table.ofDistributions("microseconds")
                .distribution("plan of " + plan.steps().size() + " steps", times.summary()));
        List<Goal> goals = List.of(
                Goal.atMost("planning, median", TWENTY_MILLISECONDS, times.summary().median(), " us"));
        return ResultFile.write(options.results, "plan-time", machine, Map.of("rounds", rounds, "warmUp", warmUp),
                Map.of("microseconds", times.summary(), "steps", plan.steps().size()), goals);
    }

    private static Vnf vnf() {
        return Vnf.named("benchmark-plan")
                .cgroup(cg -> cg.cpus(CpuSet.parse("2-5,74-77")).memoryNodes(NodeSet.of(0))
                        .hugetlb(PageSize.MIB_2, Bytes.mebibytes(512)))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(Bytes.mebibytes(512)))
                .with(SysfsMask.onlyGranted().hidePciDirectories()
                        .pci(PciAddress.parse("0000:10:00.0"), PciAddress.parse("0000:11:00.0")))
                .command("/usr/bin/dpdk-testpmd", EalArguments.fromGrant(), "--", "--forward-mode=mac")
                .build();
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
