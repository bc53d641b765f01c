package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.benchmark.CommandedProgram;
import io.vnfkit.examples.benchmark.Distribution.Summary;
import io.vnfkit.examples.benchmark.Distribution;
import io.vnfkit.examples.benchmark.Goal;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What a container and a busy JVM do to the data path, and how long a start takes. */
final class Disturbances {

    private static final double IN_CONTAINER = 0.99;
    private static final double NO_MORE = 1.0;
    private static final int STARTS = 3;
    private static final Map<Path, Path> CLASS_PATH = classPath();
    private static final Bytes HUGEPAGES = Bytes.mebibytes(256);

    private final Placement placement;
    private final int rounds;
    private final Duration sample;
    private final Report report;

    Disturbances(Placement placement, int rounds, Duration sample, Report report) {
        this.placement = placement;
        this.rounds = rounds;
        this.sample = sample;
        this.report = report;
    }

    void container() throws IOException {
        Scene scene = Scene.of(Scene.Kind.NONE);
        try (Vnfkit inside = inContainer(scene); Vnfkit host = Vnfkit.start(placement, scene)) {
            report.compare("none in a container and on the host", scene.lcores(),
                    new Alternation(List.of(inside, host), sample).run(rounds), IN_CONTAINER);
        }
        gapsInContainer();
    }

    private void gapsInContainer() throws IOException {
        Scene scene = Scene.of(Scene.Kind.WATCHED);
        Distribution gapInside = new Distribution();
        Distribution gapHost = new Distribution();
        try (Vnfkit inside = inContainer(scene); Vnfkit host = Vnfkit.start(placement, scene)) {
            for (int round = 0; round < rounds; round++) {
                gapInside.addNanoseconds(longestGap(inside));
                gapHost.addNanoseconds(longestGap(host));
            }
        }
        report.results().add("longest gap of a sample, container and host", "microseconds",
                ordered("container", gapInside.summary(), "host", gapHost.summary()));
        report.results().goal(Goal.atMost("longest gap in a container, by that on the host", NO_MORE,
                gapInside.summary().median() / gapHost.summary().median(), ""));
    }

    private long longestGap(Vnfkit own) throws IOException {
        own.start();
        own.takeLongestGap();
        LockSupport.parkNanos(sample.toNanos());
        long gap = own.takeLongestGap();
        own.stop();
        return gap;
    }

    private static Map<String, Summary> ordered(String one, Summary first, String other, Summary second) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        summaries.put(one, first);
        summaries.put(other, second);
        return summaries;
    }

    /** The entries of this program's class path, each at a place that every VNF has: /tmp of the host is hidden. */
    private static Map<Path, Path> classPath() {
        Map<Path, Path> mounts = new LinkedHashMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path source = Path.of(entry).toAbsolutePath();
            mounts.put(source, Path.of("/run/class-path/" + mounts.size() + "-" + source.getFileName()));
        }
        return mounts;
    }

    private static String classPathInside() {
        return CLASS_PATH.values().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private Vnfkit inContainer(Scene scene) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"));
        command.addAll(placement.onControlCpu(Vnfkit.javaCommand(classPathInside(), scene)));
        command.addAll(placement.ealArguments("container"));
        command.add("--no-telemetry");
        Vnf.Builder description = Vnf.named("benchmark-forwarder");
        CLASS_PATH.forEach((source, target) ->
                description.mount(new VnfMount.Bind(source, target, Set.of(), false)));
        Vnf vnf = description
                .namespaces(ns -> ns.isolateAll().hostname("forwarder"))
                .cgroup(cg -> cg.cpus(CpuSet.of(placement.controlCpu(), placement.forwardingCpu()))
                        .memoryNodes(NodeSet.of(0)).hugetlb(PageSize.MIB_2, HUGEPAGES))
                .streams(StandardStreams.PIPES)
                .command(command.toArray())
                .build();
        RunningVnf running = VnfLauncher.onThisHost().launch(vnf);
        try {
            return Vnfkit.of("vnfkit in a container", new CommandedProgram("vnfkit in a container", running.pid(),
                    running.standardInput(), running.standardOutput(), running::close));
        } catch (IOException failure) {
            running.close();
            throw failure;
        }
    }

    /** With a JVM that collects all the time and with one that rests: the same process. */
    void garbage() throws IOException {
        Distribution resting = new Distribution();
        Distribution collecting = new Distribution();
        Distribution collections = new Distribution();
        try (Vnfkit own = Vnfkit.start(placement, Scene.of(Scene.Kind.WATCHED))) {
            for (int round = 0; round < rounds; round++) {
                resting.addNanoseconds(longestGap(own));
                long before = own.collections();
                own.allocate(true);
                collecting.addNanoseconds(longestGap(own));
                own.allocate(false);
                collections.add(own.collections() - before);
            }
        }
        report.results().add("longest gap of a sample, by what the JVM does", "microseconds",
                ordered("it rests", resting.summary(), "it collects garbage", collecting.summary()));
        report.results().add("garbage collections in such a sample", "collections",
                Map.of("number", collections.summary()));
        report.results().goal(Goal.atMost("longest gap while the JVM collects, by that while it rests", NO_MORE,
                collecting.summary().median() / resting.summary().median(), ""));
    }

    void start() throws IOException {
        Distribution[] times = {new Distribution(), new Distribution(), new Distribution()};
        for (int start = 0; start < Math.max(STARTS, rounds / 2); start++) {
            try (Vnfkit own = Vnfkit.start(placement, Scene.of(Scene.Kind.NONE))) {
                own.start();
                long[] measured = own.startTimes();
                Arrays.setAll(measured, i -> {
                    times[i].add(measured[i] / 1e6);
                    return measured[i];
                });
                own.stop();
            }
        }
        Map<String, Summary> summaries = new LinkedHashMap<>();
        summaries.put("rte_eal_init, with loading DPDK", times[0].summary());
        summaries.put("ports, mempool and tasks made", times[1].summary());
        summaries.put("start of the task to its first packet sent", times[2].summary());
        report.results().add("start of a forwarder on two null devices", "milliseconds", summaries);
    }
}
