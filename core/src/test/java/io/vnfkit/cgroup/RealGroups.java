package io.vnfkit.cgroup;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Groups on this machine's kernel, below a parent of the test's own, and programs that run in them. */
final class RealGroups implements AutoCloseable {

    // With the JVM's id, so that two builds on one machine leave each other's groups alone.
    static final Path PARENT = Path.of("vnfkit-cgroup-it-" + ProcessHandle.current().pid());

    private final Host host = Host.thisHost();
    private final CgroupLayout layout;
    private final Deque<CgroupStep> taken = new ArrayDeque<>();
    private final List<Process> programs = new ArrayList<>();
    private final List<Cgroup> created = new ArrayList<>();
    private CgroupPlan plan;

    private RealGroups(CgroupLayout layout) {
        this.layout = layout;
    }

    static RealGroups onThisHost() {
        CgroupLayout layout = CgroupLayout.read(Host.thisHost().files());
        Needs.thing(layout.unified().isPresent() || layout.hierarchy("freezer").isPresent(),
                "cgroup file system", "mount -t cgroup2 none /sys/fs/cgroup");
        return new RealGroups(layout);
    }

    RealGroups withDeviceProgram() {
        Needs.thing(layout.unified().isPresent(), "cgroup v2", "mount -t cgroup2 none /sys/fs/cgroup");
        return new RealGroups(layout.withDeviceProgram());
    }

    /** As if no version 2 hierarchy were mounted. */
    RealGroups withoutVersion2() {
        Needs.thing(layout.placement("freezer") instanceof Placement.V1,
                "cgroup v1 freezer", "mount -t cgroup -o freezer cgroup /sys/fs/cgroup/freezer");
        return new RealGroups(new CgroupLayout(layout.placements(), Optional.empty(), layout.own()));
    }

    /** Leaves the test out where a controller is in no hierarchy, of whichever version. */
    RealGroups require(String controller) {
        requireController(layout, controller);
        return this;
    }

    static void requireController(CgroupLayout layout, String controller) {
        Needs.thing(layout.hierarchy(controller).isPresent(), "cgroup controller " + controller,
                layout.placement(controller).toString());
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
        take(plan);
        Cgroup group = Cgroup.open(host, layout, plan.directories());
        created.add(group);
        return group;
    }

    void take(CgroupPlan taking) {
        for (HostStep step : taking.steps()) {
            CgroupSteps.on(host).apply((CgroupStep) step);
            taken.push((CgroupStep) step);
        }
    }

    /** Runs a program in the groups made last, as a shell would put it there. */
    Process start(String... command) {
        String joins = plan.joins().stream()
                .map(join -> "echo 0 > " + file(join))
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

    private static Path file(CgroupJoin join) {
        return join instanceof CgroupJoin.V1 version1 ? version1.file() : ((CgroupJoin.V2) join).file();
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
        created.forEach(Cgroup::kill);
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
}
