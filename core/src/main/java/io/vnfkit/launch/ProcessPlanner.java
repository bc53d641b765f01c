package io.vnfkit.launch;

import io.vnfkit.OnJvmExit;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.cgroup.CgroupJoin;
import io.vnfkit.cgroup.CgroupPlan;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.security.MemoryPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Plans the two processes of a launch: the supervisor, which stays on the host, and the one that becomes the VNF. The
 * order of their steps is what makes them work; each place says why. Used for one plan.
 */
final class ProcessPlanner {

    /** What has to be new, or entered, before the process exists. */
    private static final Set<NamespaceKind> AT_BIRTH = EnumSet.of(NamespaceKind.USER, NamespaceKind.PID);

    private final Vnf vnf;
    private final NamespaceDescription namespaces;
    private final Host host;
    private final RunningVnfs running;
    private final CgroupPlan cgroups;
    private final Consumer<Problem> problems;
    private final Map<NamespaceKind, Path> joined = new EnumMap<>(NamespaceKind.class);
    private final List<SupervisorStep> supervisor = new ArrayList<>();
    private final List<VnfStep> process = new ArrayList<>();

    ProcessPlanner(Vnf vnf, Host host, RunningVnfs running, CgroupPlan cgroups, Consumer<Problem> problems) {
        this.vnf = vnf;
        this.namespaces = vnf.namespaces();
        this.host = host;
        this.running = running;
        this.cgroups = cgroups;
        this.problems = problems;
    }

    LaunchPlan plan(List<HostStep> hostSteps, List<SupervisorStep> treeSources, List<FileTreeStep> tree,
            RightsStep.Execute execute) {
        resolveJoins();
        supervisor.addAll(treeSources);
        openJoinsAndCgroups();
        startProcess();
        isolate();
        network();
        process.addAll(tree);
        namesAndRights(execute);
        supervisor.add(new SupervisorStep.Supervise(vnf.onJvmExit() == OnJvmExit.KILL, cgroups.unified(),
                cgroups.freezer()));
        return new LaunchPlan(vnf.name(), hostSteps, supervisor, process);
    }

    private void resolveJoins() {
        for (NamespaceKind kind : NamespaceKind.values()) {
            NamespaceSource source = namespaces.source(kind);
            if (source instanceof NamespaceSource.OfPath ofPath) {
                join(kind, ofPath.path());
            } else if (source instanceof NamespaceSource.OfProcess ofProcess) {
                join(kind, pathOf(kind, ofProcess.pid()));
            } else if (source instanceof NamespaceSource.OfVnf ofVnf) {
                joinVnf(kind, ofVnf.name());
            }
        }
    }

    private static Path pathOf(NamespaceKind kind, long pid) {
        return Path.of("/proc", Long.toString(pid), "ns", kind.procName());
    }

    private void join(NamespaceKind kind, Path path) {
        if (!host.files().exists(path.toString())) {
            problems.accept(new Problem("namespaces." + kind.procName(), path + " does not exist",
                    "start what owns the namespace first"));
        }
        joined.put(kind, path);
    }

    private void joinVnf(NamespaceKind kind, String name) {
        Optional<Long> pid = running.pidOf(name);
        if (pid.isEmpty()) {
            problems.accept(new Problem("namespaces." + kind.procName(), "no VNF \"" + name + "\" is running",
                    "launch it first"));
        }
        joined.put(kind, pathOf(kind, pid.orElse(1L)));
    }

    private void openJoinsAndCgroups() {
        joined.forEach((kind, path) -> {
            if (kind != NamespaceKind.PID) {
                supervisor.add(new SupervisorStep.OpenNamespace(kind, path));
            }
        });
        for (CgroupJoin join : cgroups.joins()) {
            if (join instanceof CgroupJoin.V1 v1) {
                supervisor.add(new SupervisorStep.OpenCgroupTasks(v1.directory()));
            }
        }
    }

    private void startProcess() {
        if (joined.containsKey(NamespaceKind.PID)) {
            supervisor.add(new SupervisorStep.EnterPidNamespaceForChild(joined.get(NamespaceKind.PID)));
        }
        if (namespaces.isFresh(NamespaceKind.TIME)) {
            supervisor.add(new SupervisorStep.NewTimeNamespaceForChild(namespaces.timeOffsets()));
        }
        Set<NamespaceKind> atBirth = EnumSet.noneOf(NamespaceKind.class);
        AT_BIRTH.stream().filter(namespaces::isFresh).forEach(atBirth::add);
        supervisor.add(new SupervisorStep.StartVnfProcess(atBirth, cgroups.unified()));
        supervisor.add(new SupervisorStep.ReportPid());
        vnf.security().resourceLimits().forEach(limit -> supervisor.add(new SupervisorStep.SetResourceLimit(limit)));
        process.add(new IsolationStep.HideFromTracers());
        process.add(new IsolationStep.DieWithSupervisor());
        process.add(new IsolationStep.NewSession());
        process.add(new IsolationStep.NewSessionKeyring());
        // Before any namespace: the control group has to be final before the cgroup namespace takes it for its root.
        cgroups.joins().stream().filter(CgroupJoin.V1.class::isInstance)
                .forEach(join -> process.add(new IsolationStep.JoinCgroup(join.directory())));
        process.add(new IsolationStep.ResetAffinity());
        awaitSupervisorSetup();
    }

    private void awaitSupervisorSetup() {
        boolean mapsIds = namespaces.isFresh(NamespaceKind.USER);
        if (!mapsIds && vnf.security().resourceLimits().isEmpty()) {
            return;
        }
        if (mapsIds) {
            supervisor.add(new SupervisorStep.WriteIdMaps(namespaces.uidMaps(), namespaces.gidMaps()));
        }
        supervisor.add(new SupervisorStep.AwaitVnf("has joined its control groups"));
        supervisor.add(new SupervisorStep.ReleaseVnf());
        process.add(new IsolationStep.AwaitSupervisor(mapsIds ? "written the id maps" : "set the resource limits"));
        if (mapsIds) {
            process.add(new IsolationStep.BecomeNamespaceRoot());
        }
    }

    private void isolate() {
        // The user namespace last: with the host's rights all the others can be joined, whichever user namespace owns
        // them.
        for (NamespaceKind kind : joined.keySet()) {
            if (kind != NamespaceKind.PID && kind != NamespaceKind.USER) {
                process.add(new IsolationStep.JoinNamespace(kind, joined.get(kind)));
            }
        }
        if (joined.containsKey(NamespaceKind.USER)) {
            process.add(new IsolationStep.JoinNamespace(NamespaceKind.USER, joined.get(NamespaceKind.USER)));
            process.add(new IsolationStep.BecomeNamespaceRoot());
        }
        Set<NamespaceKind> fresh = EnumSet.noneOf(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            if (namespaces.isFresh(kind) && !AT_BIRTH.contains(kind) && kind != NamespaceKind.TIME) {
                fresh.add(kind);
            }
        }
        if (!fresh.isEmpty()) {
            process.add(new IsolationStep.NewNamespaces(fresh));
        }
    }

    private void network() {
        if (!namespaces.isFresh(NamespaceKind.NET)) {
            return;
        }
        process.add(new NetworkStep.LoopbackUp());
        if (namespaces.interfaces().isEmpty()) {
            return;
        }
        supervisor.add(new SupervisorStep.AwaitVnf("has its network namespace"));
        for (NetworkInterface networkInterface : namespaces.interfaces()) {
            requireOnHost(networkInterface);
            supervisor.addAll(placing(host.files(), vnf.name(), networkInterface));
        }
        supervisor.add(new SupervisorStep.ReleaseVnf());
        process.add(new IsolationStep.AwaitSupervisor("placed the network interfaces"));
        namespaces.interfaces().forEach(each -> process.add(new NetworkStep.ConfigureInterface(each)));
    }

    /** The steps that give a VNF an interface, from outside of it. */
    static List<SupervisorStep> placing(KernelFiles files, String vnf, NetworkInterface networkInterface) {
        List<SupervisorStep> steps = new ArrayList<>();
        steps.add(new SupervisorStep.PlaceInterface(networkInterface,
                VethPeer.of(files, vnf, networkInterface).map(VethPeer::address)));
        if (networkInterface.origin() instanceof NetworkInterface.Veth veth) {
            steps.add(new SupervisorStep.ConfigurePeer(networkInterface, veth));
        }
        return steps;
    }

    private void requireOnHost(NetworkInterface networkInterface) {
        if (networkInterface.origin() instanceof NetworkInterface.Moved moved
                && !host.files().exists("/sys/class/net/" + moved.hostName())) {
            problems.accept(new Problem("namespaces.interfaces", "the host has no network interface "
                    + moved.hostName(),
                    "create it first, or name another"));
        }
        if (networkInterface.origin() instanceof NetworkInterface.Veth veth) {
            requirePeer(veth);
        }
    }

    private void requirePeer(NetworkInterface.Veth veth) {
        if (veth.peerNamespace().isPresent() && !host.files().exists(veth.peerNamespace().get().toString())) {
            problems.accept(new Problem("namespaces.interfaces", veth.peerNamespace().get() + " does not exist",
                    "create the network namespace first, for instance with ip netns add"));
        }
        if (veth.peerNamespace().isEmpty() && host.files().exists("/sys/class/net/" + veth.peerName())) {
            problems.accept(new Problem("namespaces.interfaces",
                    "the host already has a network interface " + veth.peerName(), "give the other end another name"));
        }
    }

    private void namesAndRights(RightsStep.Execute execute) {
        namespaces.hostname().ifPresent(name -> process.add(new IsolationStep.SetHostname(name)));
        namespaces.domainname().ifPresent(name -> process.add(new IsolationStep.SetDomainname(name)));
        if (!vnf.security().memoryPolicy().equals(MemoryPolicy.DEFAULT)) {
            process.add(new RightsStep.SetMemoryPolicy(vnf.security().memoryPolicy()));
        }
        process.add(new RightsStep.EnterWorkingDirectory(vnf.workingDirectory()));
        process.add(new RightsStep.BecomeUser(vnf.security().user(), vnf.security().capabilities()));
        if (vnf.security().noNewPrivileges()) {
            process.add(new RightsStep.NoNewPrivileges());
        }
        if (vnf.init()) {
            process.add(new RightsStep.BecomeInit());
        }
        process.add(execute);
    }
}
