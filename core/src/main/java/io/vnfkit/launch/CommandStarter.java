package io.vnfkit.launch;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.InvalidVnfException;
import io.vnfkit.LaunchException;
import io.vnfkit.Problem;
import io.vnfkit.StandardStreams;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.security.ResourceLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Starts processes inside a VNF that runs: further commands, and short-lived ones that configure an interface. */
final class CommandStarter {

    /** The user namespace last: with the host's rights all the others can be joined, whichever user namespace owns them. */
    private static final List<NamespaceKind> JOINED = List.of(NamespaceKind.MOUNT, NamespaceKind.NET, NamespaceKind.UTS,
            NamespaceKind.IPC, NamespaceKind.CGROUP, NamespaceKind.TIME, NamespaceKind.USER);

    private final LaunchSite site;
    private final String name;
    private final VnfRecord record;

    CommandStarter(LaunchSite site, String name, VnfRecord record) {
        this.site = site;
        this.name = name;
        this.record = record;
    }

    LaunchedCommand start(StandardStreams streams, String... words) {
        LaunchPlan plan = commandPlan(words);
        StartedInit outcome = spawn(plan, streams);
        int pid = outcome.startedPid(site.syscalls(), plan);
        try {
            OptionalInt process = site.openProcess(site.processes().identify(pid));
            CompletableFuture<Integer> exited = outcome.watch(site.watcher(), site.syscalls());
            return new LaunchedCommand(site.syscalls(), pid, process, outcome.streams(), exited);
        } catch (RuntimeException | Error failure) {
            outcome.abandon(site.syscalls());
            throw failure;
        }
    }

    void attach(NetworkInterface networkInterface) {
        LaunchPlan plan = attachPlan(networkInterface);
        StartedInit outcome = spawn(plan, StandardStreams.DISCARD);
        try {
            outcome.startedPid(site.syscalls(), plan);
        } catch (LaunchException failure) {
            undoAttach(networkInterface, failure);
            throw failure;
        }
        site.syscalls().waitFor(outcome.supervisorPid());
    }

    /** Only what was made: with a pair that could not be, an earlier one of the same names is meant. */
    private void undoAttach(NetworkInterface networkInterface, LaunchException failure) {
        Step failed = failure.stepNumber() == 0 ? null : failure.plan().step(failure.stepNumber());
        if (!(failed instanceof SupervisorStep.ConfigurePeer) && !(failed instanceof NetworkStep.ConfigureInterface)) {
            return;
        }
        try {
            VethPeer.of(site.host().files(), name, networkInterface)
                    .ifPresent(peer -> new VethPeers(site).remove(name, peer));
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private StartedInit spawn(LaunchPlan plan, StandardStreams streams) {
        requireRunning();
        // No exit record is wanted; a memfd takes it.
        int nowhere = site.syscalls().memfd("vnfkit-exit");
        try {
            return Spawn.start(site, plan, streams, nowhere);
        } finally {
            site.syscalls().close(nowhere);
        }
    }

    private void requireRunning() {
        if (!site.processes().isAlive(record.process())) {
            throw new IllegalStateException("VNF \"" + name + "\" has ended");
        }
    }

    private LaunchPlan commandPlan(String... words) {
        List<SupervisorStep> supervisor = new ArrayList<>();
        List<VnfStep> process = new ArrayList<>(List.of(new IsolationStep.HideFromTracers(),
                new IsolationStep.DieWithSupervisor(), new IsolationStep.NewSession(),
                new IsolationStep.NewSessionKeyring()));
        joinCgroups(supervisor, process);
        process.add(new IsolationStep.ResetAffinity());
        List<NamespaceKind> joined = JOINED.stream().filter(this::isForeign).toList();
        joined.forEach(kind -> join(kind, supervisor, process));
        if (isForeign(NamespaceKind.PID)) {
            supervisor.add(new SupervisorStep.EnterPidNamespaceForChild(namespace(NamespaceKind.PID)));
        }
        supervisor.add(new SupervisorStep.StartVnfProcess(Set.of(), record.unified()));
        supervisor.add(new SupervisorStep.ReportPid());
        limitResources(supervisor, process);
        supervisor.add(new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));
        RightsText rights = record.rights();
        process.add(new RightsStep.EnterWorkingDirectory(Path.of("/")));
        process.add(new RightsStep.BecomeUser(rights.user(), rights.capabilities()));
        if (rights.noNewPrivileges()) {
            process.add(new RightsStep.NoNewPrivileges());
        }
        process.add(execute(words));
        return new LaunchPlan(name, List.of(), supervisor, process);
    }

    private void limitResources(List<SupervisorStep> supervisor, List<VnfStep> process) {
        List<ResourceLimit> limits = new ProcessLimits(site.host().files()).ownOf(record.process().pid());
        if (limits.isEmpty()) {
            return;
        }
        limits.forEach(limit -> supervisor.add(new SupervisorStep.SetResourceLimit(limit)));
        supervisor.add(new SupervisorStep.AwaitVnf("has joined the namespaces of the VNF"));
        supervisor.add(new SupervisorStep.ReleaseVnf());
        process.add(new IsolationStep.AwaitSupervisor("set the resource limits"));
    }

    private RightsStep.Execute execute(String... words) {
        List<Problem> problems = new ArrayList<>();
        RootView view = RootView.ofProcess(site.host().files(), record.process().pid());
        List<CommandArgument> command = new ArrayList<>();
        Arrays.stream(words).forEach(word -> command.add(new CommandArgument.Word(word)));
        RightsStep.Execute execute = new CommandResolver(view, problems::add)
                .resolve(command, Grant.NONE, List.of(), record.environment());
        if (!problems.isEmpty()) {
            throw new InvalidVnfException(name, problems);
        }
        return execute;
    }

    private void joinCgroups(List<SupervisorStep> supervisor, List<VnfStep> process) {
        CgroupLayout layout = CgroupLayout.read(site.host().files());
        for (Path directory : record.cgroups()) {
            boolean unified = record.unified().equals(Optional.of(directory));
            if (!unified && layout.hierarchyOf(directory).filter(Placement.V1.class::isInstance).isPresent()) {
                supervisor.add(new SupervisorStep.OpenCgroupTasks(directory));
                process.add(new IsolationStep.JoinCgroup(directory));
            }
        }
    }

    private void join(NamespaceKind kind, List<SupervisorStep> supervisor, List<VnfStep> process) {
        supervisor.add(new SupervisorStep.OpenNamespace(kind, namespace(kind)));
        process.add(new IsolationStep.JoinNamespace(kind, namespace(kind)));
        if (kind == NamespaceKind.USER) {
            process.add(new IsolationStep.BecomeNamespaceRoot());
        }
    }

    private Path namespace(NamespaceKind kind) {
        return Path.of("/proc", Long.toString(record.process().pid()), "ns", kind.procName());
    }

    /** Tells whether the VNF has another namespace than this JVM: joining one's own user namespace is refused. */
    private boolean isForeign(NamespaceKind kind) {
        try {
            Path own = Path.of("/proc/self/ns", kind.procName());
            return !Files.readSymbolicLink(own).equals(Files.readSymbolicLink(namespace(kind)));
        } catch (IOException gone) {
            throw new IllegalStateException("VNF \"" + name + "\" has ended", gone);
        }
    }

    private LaunchPlan attachPlan(NetworkInterface networkInterface) {
        List<SupervisorStep> supervisor = new ArrayList<>(List.of(
                new SupervisorStep.OpenNamespace(NamespaceKind.NET, namespace(NamespaceKind.NET)),
                new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()),
                new SupervisorStep.ReportPid(),
                new SupervisorStep.AwaitVnf("has joined the VNF's network namespace")));
        supervisor.addAll(ProcessPlanner.placing(site.host().files(), name, networkInterface));
        supervisor.add(new SupervisorStep.ReleaseVnf());
        supervisor.add(new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));
        List<VnfStep> process = List.of(
                new IsolationStep.DieWithSupervisor(),
                new IsolationStep.JoinNamespace(NamespaceKind.NET, namespace(NamespaceKind.NET)),
                new NetworkStep.RequireUnusedName(networkInterface.name()),
                new IsolationStep.AwaitSupervisor("placed the network interface"),
                new NetworkStep.ConfigureInterface(networkInterface),
                new RightsStep.Finish());
        return new LaunchPlan(name, List.of(), supervisor, process);
    }
}
