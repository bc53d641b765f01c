package io.vnfkit.launch;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.CgroupStatistics;
import io.vnfkit.launch.program.ExitRecord;
import io.vnfkit.namespace.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A VNF that this JVM launched, or found running. Thread-safe. */
final class LaunchedVnf extends LaunchedCommand implements RunningVnf {

    /** The supervisor leaves no record only when it was killed, and the VNF dies with it. */
    private static final int KILLED = 128 + Signal.KILL.number();

    private final LaunchSite site;
    private final String name;
    private final VnfRecord record;
    private final Holding holding;
    private final Cgroup cgroup;
    private final CommandStarter commands;
    private final ReentrantLock closing = new ReentrantLock();
    private volatile CgroupDescription limits;
    private volatile boolean closed;

    private LaunchedVnf(LaunchSite site, String name, VnfRecord record, Cgroup cgroup, Holding holding, PipeEnds streams,
            CompletableFuture<Integer> exited) {
        super(site.syscalls(), record.process().pid(), site.openProcess(record.process()), streams, exited);
        this.site = site;
        this.name = name;
        this.record = record;
        this.holding = holding;
        this.limits = record.limits();
        this.cgroup = cgroup;
        this.commands = new CommandStarter(site, name, record);
    }

    /** A VNF that this JVM has just launched: its supervisor is a child of the JVM. */
    static LaunchedVnf launched(LaunchSite site, String name, VnfRecord record, Cgroup cgroup, Holding holding,
            StartedInit outcome) {
        CompletableFuture<Integer> exited = outcome.watch(site.watcher(), site.syscalls());
        return new LaunchedVnf(site, name, record, cgroup, holding, outcome.streams(), exited);
    }

    /** A VNF that another JVM has left running. */
    static Optional<LaunchedVnf> found(LaunchSite site, String name, VnfRecord record) {
        // Open from now on, so that the exit code is not lost when somebody else takes the VNF down.
        Optional<Integer> exitRecord = site.state().openExitRecord(name);
        OptionalInt supervisor = exitRecord.isEmpty() ? OptionalInt.empty() : site.openProcess(record.supervisor());
        if (supervisor.isEmpty()) {
            exitRecord.ifPresent(site.syscalls()::close);
            return Optional.empty();
        }
        CompletableFuture<Integer> exited = site.watcher().watch(supervisor.getAsInt(),
                () -> recordedExitCode(site, exitRecord.get()));
        Cgroup cgroup = Cgroup.open(site.host(), CgroupLayout.read(site.host().files()), record.cgroups());
        return Optional.of(new LaunchedVnf(site, name, record, cgroup, Holding.bySupervisor(site, record, name), PipeEnds.NONE,
                exited));
    }

    private static int recordedExitCode(LaunchSite site, int descriptor) {
        try {
            return site.state().exitRecord(descriptor).map(ExitRecord::code).orElse(KILLED);
        } finally {
            site.syscalls().close(descriptor);
        }
    }

    /** Tells whether this is the VNF with that supervisor, running. */
    boolean isOf(ProcessIdentity supervisor) {
        return !hasExited() && record.supervisor().equals(supervisor) && site.processes().isAlive(supervisor);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public State state() {
        if (hasExited() || !holding.isHeld()) {
            return State.EXITED;
        }
        return cgroup.statistics().frozen() ? State.PAUSED : State.RUNNING;
    }

    @Override
    public int stop(Duration grace) {
        if (!hasExited() && holding.isHeld()) {
            // A frozen process could not end by itself.
            cgroup.thaw();
            signal(Signal.TERM);
            awaitExit(grace);
        }
        return kill();
    }

    private void awaitExit(Duration grace) {
        long limit = grace.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : grace.toNanos();
        try {
            onExit().get(limit, TimeUnit.NANOSECONDS);
        } catch (TimeoutException overdue) {
            // The grace is over.
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failure) {
            throw new VnfkitException("the end of VNF \"" + name + "\" could not be observed", failure.getCause());
        }
    }

    @Override
    public int kill() {
        killAll();
        return awaitExit();
    }

    /** Also what the VNF's command has left behind. */
    private void killAll() {
        if (holding.isHeld()) {
            cgroup.kill();
        }
        signal(Signal.KILL);
    }

    @Override
    public void pause() {
        groups().freeze();
    }

    @Override
    public void resume() {
        groups().thaw();
    }

    /** Its control groups, as long as they are its own: another VNF can have groups of the same name later. */
    private Cgroup groups() {
        if (closed || !holding.isHeld()) {
            throw new IllegalStateException("VNF \"" + name + "\" has ended" + (closed ? " and was closed" : ""));
        }
        return cgroup;
    }

    @Override
    public RunningCommand exec(StandardStreams streams, String... command) {
        return commands.start(streams, command);
    }

    @Override
    public CgroupStatistics statistics() {
        return groups().statistics();
    }

    @Override
    public CgroupDescription limits() {
        if (!closed && holding.isHeld()) {
            // Another JVM may have changed them.
            ownRecord().ifPresent(current -> limits = current.limits());
        }
        return limits;
    }

    private Optional<VnfRecord> ownRecord() {
        return site.state().record(name).filter(current -> current.supervisor().equals(record.supervisor()));
    }

    private VnfRecord requireOwnRecord() {
        return ownRecord()
                .orElseThrow(() -> new IllegalStateException("VNF \"" + name + "\" has ended and was taken down"));
    }

    @Override
    public void update(Consumer<CgroupDescription.Builder> change) {
        Cgroup groups = groups();
        site.state().whileLocked(name, () -> {
            VnfRecord current = requireOwnRecord();
            CgroupDescription.Builder builder = current.limits().toBuilder();
            change.accept(builder);
            CgroupDescription wanted = builder.build();
            groups.update(wanted);
            limits = wanted;
            site.state().write(name, current.withLimits(wanted));
        });
    }

    @Override
    public void attach(NetworkInterface networkInterface) {
        // Before it is there: whoever takes the VNF down has to know of it.
        VethPeer.of(site.host().files(), name, networkInterface).ifPresent(this::recordPeer);
        commands.attach(networkInterface);
    }

    private void recordPeer(VethPeer peer) {
        groups();
        site.state().whileLocked(name, () -> {
            VnfRecord current = requireOwnRecord();
            if (!current.peers().contains(peer)) {
                List<VethPeer> longer = new ArrayList<>(current.peers());
                longer.add(peer);
                site.state().write(name, current.withPeers(longer));
            }
        });
    }

    @Override
    public void close() {
        // Whoever comes second returns when everything is away, too; and when it could not be taken away, tries again.
        closing.lock();
        try {
            if (!closed) {
                killAll();
                awaitEnd();
                closeDescriptors();
                holding.takeDown();
                closed = true;
            }
        } finally {
            closing.unlock();
        }
    }

    @Override
    public String toString() {
        return "VNF " + name + " (pid " + pid() + ")";
    }
}
