package io.vnfkit.launch;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.CgroupStatistics;
import io.vnfkit.launch.program.ExitRecord;
import io.vnfkit.namespace.NetworkInterface;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A VNF that this JVM launched, or found running. Thread-safe. */
final class LaunchedVnf extends LaunchedCommand implements RunningVnf {

    private final LaunchSite site;
    private final String name;
    private final VnfRecord record;
    private final Cgroup cgroup;
    private final Runnable takeDown;
    private final CommandStarter commands;
    private CgroupDescription limits;
    private boolean closed;

    private LaunchedVnf(LaunchSite site, String name, VnfRecord record, CgroupDescription limits, PipeEnds streams,
            CompletableFuture<Integer> exited, Runnable takeDown) {
        super(site.syscalls(), record.pid(), site.openProcess(record.pid(), record.startTime()), streams, exited);
        this.site = site;
        this.name = name;
        this.record = record;
        this.limits = limits;
        this.cgroup = Cgroup.open(site.host(), CgroupLayout.read(site.host().files()), record.cgroups());
        this.takeDown = takeDown;
        this.commands = new CommandStarter(site, name, record);
    }

    /** A VNF that this JVM has just launched: its supervisor is a child of the JVM. */
    static LaunchedVnf launched(LaunchSite site, Vnf vnf, VnfRecord record, NameClaim claim, HostStepRunner hostSteps,
            Spawn.Outcome outcome) {
        int supervisor = outcome.supervisorPid();
        CompletableFuture<Integer> exited = site.watcher().watch(site.syscalls().pidfdOpen(supervisor),
                () -> site.syscalls().waitFor(supervisor).exitCode());
        return new LaunchedVnf(site, vnf.name(), record, record.description(), outcome.streams(), exited, () -> {
            hostSteps.undo(null);
            claim.release();
        });
    }

    /** A VNF that another JVM has left running. */
    static Optional<LaunchedVnf> found(LaunchSite site, String name, VnfRecord record) {
        if (!site.processes().isAlive(record.supervisorPid(), record.supervisorStartTime())) {
            return Optional.empty();
        }
        int pidfd = site.syscalls().pidfdOpen(Math.toIntExact(record.supervisorPid()));
        CompletableFuture<Integer> exited = site.watcher().watch(pidfd, () -> recordedExitCode(site, name));
        return Optional.of(new LaunchedVnf(site, name, record, record.description(), PipeEnds.NONE, exited,
                () -> takeDownFound(site, name)));
    }

    private static int recordedExitCode(LaunchSite site, String name) {
        return site.state().exitRecord(name).map(ExitRecord::code).orElseThrow(() -> new VnfkitException("VNF \"" + name
                + "\" ended without an exit record: its supervisor was killed"));
    }

    private static void takeDownFound(LaunchSite site, String name) {
        // The supervisor has ended, so the name is free unless the JVM that launched the VNF still holds it and takes it down itself.
        site.state().tryClaim(name).ifPresent(claim -> {
            new Leftovers(site).takeAway(claim);
            claim.release();
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public State state() {
        if (exitCode().isPresent()) {
            return State.EXITED;
        }
        return statistics().frozen() ? State.PAUSED : State.RUNNING;
    }

    @Override
    public int stop(Duration grace) {
        // A frozen process could not end by itself.
        resume();
        signal(Signal.TERM);
        try {
            return onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException overdue) {
            return kill();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return kill();
        } catch (ExecutionException failure) {
            throw new VnfkitException("the end of VNF \"" + name + "\" could not be observed", failure.getCause());
        }
    }

    @Override
    public int kill() {
        cgroup.kill();
        signal(Signal.KILL);
        return onExit().join();
    }

    @Override
    public void pause() {
        cgroup.freeze();
    }

    @Override
    public void resume() {
        cgroup.thaw();
    }

    @Override
    public RunningCommand exec(StandardStreams streams, String... command) {
        return commands.start(streams, command);
    }

    @Override
    public CgroupStatistics statistics() {
        return cgroup.statistics();
    }

    @Override
    public synchronized CgroupDescription limits() {
        return limits;
    }

    @Override
    public synchronized void update(Consumer<CgroupDescription.Builder> change) {
        CgroupDescription.Builder builder = limits.toBuilder();
        change.accept(builder);
        CgroupDescription wanted = builder.build();
        cgroup.update(wanted);
        limits = wanted;
        site.state().replaceRecord(name, record.withLimits(wanted));
    }

    @Override
    public void attach(NetworkInterface networkInterface) {
        commands.attach(networkInterface);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            cgroup.kill();
            signal(Signal.KILL);
            onExit().handle((code, failure) -> code).join();
        } finally {
            closeDescriptors();
            takeDown.run();
        }
    }

    @Override
    public String toString() {
        return "VNF " + name + " (pid " + pid() + ")";
    }
}
