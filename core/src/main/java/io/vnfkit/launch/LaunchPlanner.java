package io.vnfkit.launch;

import io.vnfkit.CollectedContributions;
import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.InvalidVnfException;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.CgroupPlan;
import io.vnfkit.cgroup.CgroupPlanner;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Turns a description into a {@link LaunchPlan} for a host. Reads the host, writes nothing, and finds every problem,
 * not only the first. Used for one plan.
 */
final class LaunchPlanner {

    private final Vnf vnf;
    private final Host host;
    private final RunningVnfs running;
    private final Path runtimeDirectory;
    private CollectedContributions contributions;
    private CgroupDescription limits;
    private CgroupLayout layout;
    private CgroupPlan cgroups;

    LaunchPlanner(Vnf vnf, Host host, RunningVnfs running, Path runtimeDirectory) {
        this.vnf = vnf;
        this.host = host;
        this.running = running;
        this.runtimeDirectory = runtimeDirectory;
    }

    /** Every reason why the plan cannot be made. */
    List<Problem> problems() {
        draft();
        return List.copyOf(contributions.problems());
    }

    LaunchPlan plan() {
        LaunchPlan plan = draft();
        if (!contributions.problems().isEmpty()) {
            throw new InvalidVnfException(vnf.name(), contributions.problems());
        }
        return plan;
    }

    /** What the control groups of the plan enforce: the description, and the device rules that features contributed. */
    CgroupDescription limits() {
        return limits;
    }

    /** A handle of the control groups that the plan makes. */
    Cgroup cgroup() {
        return Cgroup.open(host, layout, cgroups.directories());
    }

    private LaunchPlan draft() {
        contributions = CollectedContributions.of(vnf, host);
        limits = cgroupWithDevices();
        CgroupPlanner planner = CgroupPlanner.on(host);
        layout = planner.layout();
        cgroups = planner.plan(vnf.name(), limits);
        cgroups.problems().forEach(contributions::problem);

        FileTreePlanner tree = new FileTreePlanner(host.files(), runtimeDirectory, vnf.root(), vnf.namespaces(),
                contributions::problem);
        List<FileTreeStep> treeSteps = treeSteps(tree);
        RootView view = vnf.namespaces().isFresh(NamespaceKind.MOUNT) ? tree.view() : viewOfOthers();
        new ConsistencyRules(vnf, host.files(), contributions::problem).check(view);
        RightsStep.Execute execute = command(view);

        List<HostStep> hostSteps = new ArrayList<>(cgroups.steps());
        hostSteps.addAll(contributions.hostSteps());
        ProcessPlanner process = new ProcessPlanner(vnf, host, running, cgroups, contributions::problem);
        return process.plan(hostSteps, tree.supervisorSteps(), treeSteps, execute);
    }

    private CgroupDescription cgroupWithDevices() {
        if (contributions.devices().isEmpty()) {
            return vnf.cgroup();
        }
        CgroupDescription.Builder builder = vnf.cgroup().toBuilder();
        contributions.devices().values().forEach(builder::allowDevice);
        return builder.build();
    }

    /** The file tree of a mount namespace that is not the VNF's own. */
    private RootView viewOfOthers() {
        NamespaceSource source = vnf.namespaces().source(NamespaceKind.MOUNT);
        Optional<Long> owner = Optional.empty();
        if (source instanceof NamespaceSource.Inherited) {
            return RootView.of(host.files(), RootFilesystem.inherited());
        } else if (source instanceof NamespaceSource.OfProcess ofProcess) {
            owner = Optional.of(ofProcess.pid());
        } else if (source instanceof NamespaceSource.OfVnf ofVnf) {
            owner = running.pidOf(ofVnf.name());
        }
        return owner.map(pid -> RootView.ofProcess(host.files(), pid)).orElseGet(() -> RootView.unknown(host.files()));
    }

    private Stream<VnfMount> allMounts() {
        return Stream.concat(contributions.mounts().stream(), vnf.mounts().stream());
    }

    private List<FileTreeStep> treeSteps(FileTreePlanner tree) {
        boolean ownTree = vnf.namespaces().isFresh(NamespaceKind.MOUNT)
                && !(vnf.root() instanceof RootFilesystem.Inherited);
        if (ownTree) {
            return tree.plan(
                    vnf.security().user(), contributions.devices(), allMounts().toList(), contributions.masks());
        }
        if (!contributions.masks().isEmpty() || allMounts().findAny().isPresent()) {
            contributions.problem(new Problem("namespaces.mnt",
                    "mounts and masks would change the file tree of others: the mount namespace or the root is not "
                    + "the VNF's own",
                    "make the mount namespace new and give a root file system"));
        }
        // Even where the tree stays as it is, what the VNF mounts must not reach the host.
        return vnf.namespaces().isFresh(NamespaceKind.MOUNT) ? List.of(new FileTreeStep.StopPropagation()) : List.of();
    }

    private RightsStep.Execute command(RootView view) {
        Grant grant = contributions.grant();
        for (CommandArgument argument : vnf.command()) {
            argument.problems(grant, contributions.ealOptions()).forEach(contributions::problem);
        }
        SortedMap<String, String> environment = vnf.environment().resolve(System.getenv());
        contributions.environment().forEach(environment::putIfAbsent);
        return new CommandResolver(view, contributions::problem)
                .resolve(vnf.command(), grant, contributions.ealOptions(), environment);
    }
}
