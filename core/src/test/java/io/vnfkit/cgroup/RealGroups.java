package io.vnfkit.cgroup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Groups on this machine's kernel, below a parent of the test's own, and programs that run in them. */
final class RealGroups implements AutoCloseable {

    static final Path PARENT = Path.of("vnfkit-cgroup-it");

    private final Host host = Host.thisHost();
    private final CgroupLayout layout;
    private final Deque<CgroupStep> taken = new ArrayDeque<>();
    private final List<Process> programs = new ArrayList<>();
    private CgroupPlan plan;

    private RealGroups(CgroupLayout layout) {
        this.layout = layout;
    }

    static RealGroups onThisHost() {
        assumeTrue("root".equals(System.getProperty("user.name")), "missing: root (run as root)");
        CgroupLayout layout = CgroupLayout.read(Host.thisHost().files());
        assumeTrue(layout.unified().isPresent() || layout.hierarchy("freezer").isPresent(),
                "missing: control groups (mount -t cgroup2 none /sys/fs/cgroup)");
        return new RealGroups(layout);
    }

    RealGroups withDeviceProgram() {
        assumeTrue(layout.unified().isPresent(), "missing: cgroup2 (mount -t cgroup2 none /sys/fs/cgroup)");
        return new RealGroups(layout.withDeviceProgram());
    }

    static CgroupDescription.Builder description() {
        return CgroupDescription.builder().parent(PARENT);
    }

    Host host() {
        return host;
    }

    CgroupLayout layout() {
        return layout;
    }

    CgroupPlan plan(String name, CgroupDescription description) {
        return CgroupPlanner.on(host, layout).plan(name, description);
    }

    Cgroup create(String name, CgroupDescription description) {
        plan = plan(name, description);
        if (!plan.problems().isEmpty()) {
            throw new AssertionError(plan.toString());
        }
        for (HostStep step : plan.steps()) {
            CgroupSteps.on(host).apply((CgroupStep) step);
            taken.push((CgroupStep) step);
        }
        return Cgroup.open(host, layout, plan.directories());
    }

    /** Runs a program in the groups made last, as a shell would put it there. */
    Process start(String... command) {
        String joins = plan.joins().stream()
                .map(join -> "echo 0 > " + (join instanceof CgroupJoin.V1 first ? first.file() : ((CgroupJoin.V2) join).file()))
                .collect(Collectors.joining(" && "));
        List<String> words = new ArrayList<>(List.of("sh", "-c", joins + " && exec \"$@\"", "sh"));
        words.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            programs.add(process);
            return process;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a program in the groups to its end. */
    Outcome run(String... command) {
        Process process = start(command);
        try {
            String output = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + String.join(" ", command));
            }
            return new Outcome(process.exitValue(), output.strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /** Starts a program that runs for ever, after it said something. */
    Process startAndAwait(String line, String... command) {
        Process process = start(command);
        try {
            String said = process.inputReader().readLine();
            if (!line.equals(said)) {
                throw new AssertionError(String.join(" ", command) + " said " + said);
            }
            return process;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    record Outcome(int exitCode, String output) {}

    @Override
    public void close() {
        programs.forEach(Process::destroyForcibly);
        programs.forEach(process -> process.onExit().join());
        while (!taken.isEmpty()) {
            CgroupSteps.on(host).undo(taken.pop());
        }
        for (Placement placement : layout.placements().values()) {
            if (placement instanceof Hierarchy hierarchy) {
                new CgroupRemoval(host).remove(hierarchy.mountPoint().resolve(PARENT), Duration.ofSeconds(2));
            }
        }
        layout.unified().ifPresent(unified ->
                new CgroupRemoval(host).remove(unified.mountPoint().resolve(PARENT), Duration.ofSeconds(2)));
    }

    /** The state of a process, as /proc/PID/stat gives it: R, S, T... */
    static Map<String, String> status(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .map(line -> line.split(":\\s*", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
