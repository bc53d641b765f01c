package io.vnfkit.launch;

import io.vnfkit.OnJvmExit;
import io.vnfkit.Vnf;
import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Carries out one plan: claims the name, takes the host steps, starts the init. Any failure undoes what was done. */
final class Launch {

    private final LaunchSite site;
    private final Vnf vnf;
    private final LaunchPlan plan;
    private final CgroupDescription limits;
    private final Cgroup cgroup;
    private final HostStepRunner hostSteps;

    Launch(LaunchSite site, Vnf vnf, LaunchPlan plan, CgroupDescription limits, Cgroup cgroup) {
        this.site = site;
        this.vnf = vnf;
        this.plan = plan;
        this.limits = limits;
        this.cgroup = cgroup;
        this.hostSteps = new HostStepRunner(site.host(), site.volumes(), plan.name());
    }

    LaunchedVnf run() {
        NameClaim claim = new Leftovers(site).claim(plan.name()).orElseThrow(() -> new VnfkitException("a VNF named \""
                + plan.name() + "\" is running or being launched on this host: choose another name or close it first"));
        boolean nothingLeft = false;
        try {
            new Leftovers(site).takeAway(claim);
            nothingLeft = true;
            claim.clearExitRecord();
            // The record must never name a group that somebody else made.
            requireOwnGroups();
            VnfRecord record = record();
            claim.write(record);
            takeHostSteps();
            return start(claim, record);
        } catch (RuntimeException | Error failure) {
            boolean undone = removePeers(failure) & hostSteps.undo(failure);
            giveUp(claim, nothingLeft && undone, failure);
            throw failure;
        }
    }

    private boolean removePeers(Throwable failure) {
        try {
            new VethPeers(site).remove(plan.name(), peers());
            return true;
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
            return false;
        }
    }

    /** Keeps the record of what could not be undone: the next clean-up tries again. */
    private static void giveUp(NameClaim claim, boolean nothingLeft, Throwable failure) {
        try {
            if (nothingLeft) {
                claim.release();
            } else {
                claim.close();
            }
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void requireOwnGroups() {
        ForeignGroups.first(site.host().files(), plan).ifPresent(step -> {
            throw LaunchFailure.ofForeignGroup(plan, plan.hostSteps().indexOf(step) + 1, step.directory());
        });
    }

    private void takeHostSteps() {
        int number = 0;
        for (HostStep step : plan.hostSteps()) {
            number++;
            try {
                hostSteps.take(step);
            } catch (RuntimeException failure) {
                throw LaunchFailure.ofHostStep(plan, number, failure);
            }
        }
    }

    private LaunchedVnf start(NameClaim claim, VnfRecord record) {
        StartedInit outcome = Spawn.start(site, plan, vnf.streams(), claim.lock());
        int pid = outcome.startedPid(site.syscalls(), plan);
        try {
            VnfRecord running = record.running(
                    site.processes().identify(pid), site.processes().identify(outcome.supervisorPid()));
            claim.write(running);
            return LaunchedVnf.launched(site, vnf.name(), running, cgroup, holding(claim, running), outcome);
        } catch (RuntimeException | Error failure) {
            outcome.abandon(site.syscalls());
            // A process that had not yet bound its life to the supervisor's lives on.
            new Leftovers(site).killGroups(record.cgroups());
            throw failure;
        }
    }

    private Holding holding(NameClaim claim, VnfRecord running) {
        if (running.diesWithLauncher()) {
            return Holding.byThisJvm(site, running, claim);
        }
        // The supervisor has the lock too. Without this JVM's part of it, another JVM that closes the VNF can take it down.
        claim.close();
        return Holding.bySupervisor(site, running, plan.name());
    }

    private VnfRecord record() {
        List<Path> cgroups = plan.hostSteps().stream()
                .filter(HostStep.CreateCgroup.class::isInstance)
                .map(step -> ((HostStep.CreateCgroup) step).directory()).toList();
        List<Path> volumes = plan.hostSteps().stream()
                .filter(HostStep.MountSharedVolume.class::isInstance)
                .map(step -> ((HostStep.MountSharedVolume) step).target()).toList();
        Optional<Path> unified = plan.supervisorSteps().stream()
                .filter(SupervisorStep.StartVnfProcess.class::isInstance)
                .map(step -> ((SupervisorStep.StartVnfProcess) step).unified()).findFirst().orElse(Optional.empty());
        return new VnfRecord(site.self(), vnf.onJvmExit() == OnJvmExit.KILL, ProcessIdentity.NONE, ProcessIdentity.NONE,
                cgroups, unified, volumes, peers(), RightsText.of(vnf.security()), limits, environment());
    }

    private List<VethPeer> peers() {
        return vnf.namespaces().interfaces().stream()
                .flatMap(each -> VethPeer.of(site.host().files(), vnf.name(), each).stream()).toList();
    }

    private SortedMap<String, String> environment() {
        return plan.vnfSteps().stream()
                .filter(RightsStep.Execute.class::isInstance)
                .map(step -> ((RightsStep.Execute) step).environment()).findFirst().orElseThrow();
    }
}
