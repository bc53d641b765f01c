package io.vnfkit.sysfs.fake;

import io.vnfkit.sysfs.fake.FakeHostBuilder.FakeHostPlan;
import io.vnfkit.sysfs.fake.FakeHostBuilder.Pool;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds everything in a description of a fake host that no kernel would accept. */
final class FakeHostChecks {

    private static final int MAXIMUM_CPUS = 8192;

    private final Path directory;
    private final FakeHostPlan plan;
    private final List<String> problems = new ArrayList<>();

    FakeHostChecks(Path directory, FakeHostPlan plan) {
        this.directory = directory;
        this.plan = plan;
    }

    List<String> problems() {
        checkDirectory();
        checkCounts();
        if (!problems.isEmpty()) {
            // The rest counts with these numbers.
            return problems;
        }
        FakeMachine machine = FakeHostFiles.machine(plan);
        checkCpus(machine);
        checkMemory(machine);
        plan.pools.forEach(pool -> checkPool(pool, machine));
        checkMounts(machine);
        problems.addAll(new FakePciChecks(plan, machine).problems());
        checkPaths();
        return problems;
    }

    private void refuseIf(boolean wrong, String problem) {
        if (wrong) {
            problems.add(problem);
        }
    }

    private void checkDirectory() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            refuseIf(entries.findAny().isPresent(), "the directory " + directory + " is not empty");
        } catch (IOException failure) {
            problems.add(directory + " cannot be listed: " + failure);
        }
    }

    private void checkCounts() {
        refuseIf(plan.sockets < 1, "a host has at least one socket, not " + plan.sockets);
        refuseIf(plan.coresPerSocket < 1, "a socket has at least one core, not " + plan.coresPerSocket);
        refuseIf(plan.threadsPerCore < 1, "a core has at least one thread, not " + plan.threadsPerCore);
        refuseIf(plan.nodesPerSocket < 1, "a socket has at least one NUMA node, not " + plan.nodesPerSocket);
        if (!problems.isEmpty()) {
            return;
        }
        refuseIf(plan.coresPerSocket % plan.nodesPerSocket != 0,
                plan.coresPerSocket + " cores do not divide among " + plan.nodesPerSocket + " nodes");
        long cpus = (long) plan.sockets * plan.coresPerSocket * plan.threadsPerCore;
        refuseIf(cpus > MAXIMUM_CPUS, cpus + " CPUs are more than the " + MAXIMUM_CPUS + " of the kernel");
    }

    private void checkCpus(FakeMachine machine) {
        checkExist("offline", plan.offline, machine.present());
        checkExist("isolated", plan.isolated, machine.present());
        checkExist("nohz_full", plan.nohzFull, machine.present());
        refuseIf(plan.offline.contains(0), "the boot CPU 0 cannot be offline");
        refuseIf(plan.isolated.containsAll(machine.online()), "at least one CPU must not be isolated");
        refuseIf(plan.nohzFull.containsAll(machine.online()),
                "at least one CPU must keep the time: nohz_full holds all");
        refuseIf(plan.commandLine.contains("isolcpus=") && !plan.isolated.isEmpty(),
                "isolated CPUs are given twice, by isolated() and by isolcpus= in the kernel's command line");
        refuseIf(plan.commandLine.indexOf('\n') >= 0, "the kernel's command line is one line");
    }

    private void checkExist(String what, CpuSet cpus, CpuSet present) {
        CpuSet unknown = cpus.minus(present);
        refuseIf(!unknown.isEmpty(), what + " CPUs " + unknown + " do not exist; the host has " + present);
    }

    private void checkMemory(FakeMachine machine) {
        plan.memory.keySet().stream()
                .filter(node -> !machine.nodes().contains(node))
                .forEach(node -> problems.add("memory on node " + node + ", but the host has " + machine.nodes()));
        refuseIf(machine.nodesWithMemory().isEmpty(), "no node has memory");
        refuseIf(!plan.numa && machine.nodes().size() > 1,
                "a kernel without NUMA shows one node, the host has " + machine.nodes());
        Map<Integer, Long> used = new TreeMap<>();
        plan.pools.forEach(pool ->
                used.merge(pool.node(), Math.max(0, pool.pages()) * pool.size().bytes(), Long::sum));
        used.forEach((node, bytes) -> {
            Bytes memory = machine.memory().getOrDefault(node, Bytes.ZERO);
            refuseIf(machine.nodes().contains(node) && bytes > memory.value(),
                    "huge pages on node " + node + " take " + Bytes.of(bytes) + ", it has " + memory);
        });
    }

    private void checkPool(Pool pool, FakeMachine machine) {
        refuseIf(!machine.nodes().contains(pool.node()),
                "huge pages on node " + pool.node() + ", but the host has " + machine.nodes());
        refuseIf(pool.pages() < 0, "a pool of " + pool.pages() + " huge pages on node " + pool.node());
        checkSize(pool.size(), machine);
    }

    private void checkSize(PageSize size, FakeMachine machine) {
        refuseIf(!machine.pageSizes().contains(size),
                plan.architecture + " has no huge pages of " + size + " here, but " + machine.pageSizes());
    }

    private void checkMounts(FakeMachine machine) {
        plan.hugetlbfs.forEach(mount -> {
            checkSize(mount.size(), machine);
            checkPath(mount.target());
        });
    }

    private void checkPaths() {
        plan.files.keySet().forEach(this::checkPath);
        plan.executables.forEach(this::checkPath);
        plan.interfaces.forEach(name -> refuseIf(!name.matches("[^/\\s]{1,15}") || name.startsWith("."),
                "\"" + name + "\" is no name of a network interface: 1 to 15 characters without / and blanks"));
    }

    private void checkPath(String path) {
        Path given = Path.of(path);
        refuseIf(!given.isAbsolute() || !given.equals(given.normalize()),
                "\"" + path + "\" is no absolute path without ..");
    }
}
