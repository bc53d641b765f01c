package io.vnfkit.launch;

import io.vnfkit.LaunchException;
import io.vnfkit.Vnf;
import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.launch.compile.ProgramCompiler;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.launch.program.Program;
import io.vnfkit.launch.program.Report;
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
    private final HostStepRunner hostSteps;

    Launch(LaunchSite site, Vnf vnf, LaunchPlan plan, CgroupDescription limits) {
        this.site = site;
        this.vnf = vnf;
        this.plan = plan;
        this.limits = limits;
        this.hostSteps = new HostStepRunner(site.host(), site.volumes(), plan.name());
    }

    LaunchedVnf run() {
        NameClaim claim = site.state().tryClaim(plan.name()).orElseThrow(() -> new VnfkitException("a VNF named \""
                + plan.name() + "\" is running or being launched on this host: choose another name or close it first"));
        try {
            return run(claim);
        } catch (RuntimeException | Error failure) {
            hostSteps.undo(failure);
            releaseAfter(failure, claim);
            throw failure;
        }
    }

    private static void releaseAfter(Throwable failure, NameClaim claim) {
        try {
            claim.release();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private LaunchedVnf run(NameClaim claim) {
        new Leftovers(site).takeAway(claim);
        claim.clearExitRecord();
        VnfRecord record = record();
        claim.write(record);
        takeHostSteps();
        Program program = ProgramCompiler.compile(plan, Architecture.current(), site.host().files());
        Spawn.Outcome outcome = Spawn.start(site.syscalls(), site.init(), program, vnf.streams(),
                LivenessPipe.readEnd(site.syscalls()), claim.lock());
        int pid = startedPid(site, plan, outcome);
        VnfRecord running = record.running(pid, startTime(pid), outcome.supervisorPid(), startTime(outcome.supervisorPid()));
        claim.write(running);
        return LaunchedVnf.launched(site, vnf, running, claim, hostSteps, outcome);
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

    /** The process id that the init reported; otherwise waits for the init's end and throws. */
    static int startedPid(LaunchSite site, LaunchPlan plan, Spawn.Outcome outcome) {
        Optional<Report.Failed> failed = first(outcome.reports(), Report.Failed.class);
        Optional<Report.Started> started = first(outcome.reports(), Report.Started.class);
        if (failed.isEmpty() && started.isPresent()) {
            return Math.toIntExact(started.get().value());
        }
        int exitCode = site.syscalls().waitFor(outcome.supervisorPid()).exitCode();
        LaunchException failure = failed.map(report -> LaunchFailure.ofReport(plan, report))
                .orElseGet(() -> LaunchFailure.withoutReport(plan, exitCode));
        outcome.streams().closeAll(site.syscalls());
        throw failure;
    }

    private static <T extends Report> Optional<T> first(List<Report> reports, Class<T> type) {
        return reports.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private long startTime(int pid) {
        return site.processes().startTime(pid).orElse(0);
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
        return new VnfRecord(0, 0, 0, 0, cgroups, unified, volumes, RightsText.of(vnf.security()).toString(),
                limits, environment());
    }

    private SortedMap<String, String> environment() {
        return plan.vnfSteps().stream()
                .filter(RightsStep.Execute.class::isInstance)
                .map(step -> ((RightsStep.Execute) step).environment()).findFirst().orElseThrow();
    }
}
