package io.vnfkit.launch;

import io.vnfkit.LaunchException;
import io.vnfkit.StandardStreams;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.linux.Errno;
import io.vnfkit.namespace.NamespaceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes veth pairs by their ends outside of VNFs. A pair goes with the VNF's network namespace too, but the kernel
 * takes namespaces down in a worker of its own, long after the last process has ended. Thread-safe.
 */
final class VethPeers {

    private static final String INTERFACES = "/sys/class/net/";

    /** How long the kernel may take to remove an interface that it has begun to remove. */
    private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(5);

    private final LaunchSite site;

    VethPeers(LaunchSite site) {
        this.site = site;
    }

    /** Removes those that are there. One that was replaced by somebody else's interface of its name is not touched. */
    void remove(String vnf, List<VethPeer> peers) {
        peers.forEach(peer -> remove(vnf, peer));
    }

    void remove(String vnf, VethPeer peer) {
        if (peer.namespace().isPresent()) {
            if (site.host().files().exists(peer.namespace().get().toString())) {
                removeOnce(vnf, peer);
            }
            return;
        }
        // The kernel hides the name of an interface that it removes before it removes its directory.
        Polling.until(() -> !isOnHost(peer) || removeOnce(vnf, peer) != Removal.MISSING, REMOVAL_LIMIT);
    }

    private boolean isOnHost(VethPeer peer) {
        return site.host().files().exists(INTERFACES + peer.name());
    }

    private enum Removal { REMOVED, MISSING, FOREIGN }

    private Removal removeOnce(String vnf, VethPeer peer) {
        try {
            run(plan(vnf, peer));
            return Removal.REMOVED;
        } catch (LaunchException failure) {
            if (failure.errno().filter(Errno.ESTALE::equals).isPresent()) {
                return Removal.FOREIGN;
            }
            if (isGone(failure)) {
                return Removal.MISSING;
            }
            throw failure;
        }
    }

    /** No such interface; or the namespace is gone, and its file with it or a plain one again. */
    private static boolean isGone(LaunchException failure) {
        Errno errno = failure.errno().orElse(Errno.UNKNOWN);
        boolean entering = failure.stepNumber() > 0
                && (failure.plan().step(failure.stepNumber()) instanceof SupervisorStep.OpenNamespace
                || failure.plan().step(failure.stepNumber()) instanceof IsolationStep.JoinNamespace);
        return errno == Errno.ENODEV || entering && (errno == Errno.ENOENT || errno == Errno.EINVAL);
    }

    private void run(LaunchPlan plan) {
        int nowhere = site.syscalls().memfd("vnfkit-exit");
        try {
            StartedInit outcome = Spawn.start(site, plan, StandardStreams.DISCARD, nowhere);
            outcome.startedPid(site.syscalls(), plan);
            site.syscalls().waitFor(outcome.supervisorPid());
        } finally {
            site.syscalls().close(nowhere);
        }
    }

    private static LaunchPlan plan(String vnf, VethPeer peer) {
        List<SupervisorStep> supervisor = new ArrayList<>();
        List<VnfStep> process = new ArrayList<>(List.of(new IsolationStep.DieWithSupervisor()));
        peer.namespace().ifPresent(path -> enter(path, supervisor, process));
        supervisor.add(new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()));
        supervisor.add(new SupervisorStep.ReportPid());
        supervisor.add(new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));
        process.add(new NetworkStep.RemoveInterface(peer.name(), peer.address()));
        process.add(new RightsStep.Finish());
        return new LaunchPlan(vnf, List.of(), supervisor, process);
    }

    private static void enter(Path namespace, List<SupervisorStep> supervisor, List<VnfStep> process) {
        supervisor.add(new SupervisorStep.OpenNamespace(NamespaceKind.NET, namespace));
        process.add(new IsolationStep.JoinNamespace(NamespaceKind.NET, namespace));
    }
}
