package io.vnfkit.cgroup;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.Problem;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.SystemCallException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The control groups of one VNF while they exist: its own directory in each hierarchy that it joined.
 *
 * <p>Holds no descriptor and no memory of its own: every answer comes from the kernel, so another JVM can open the same
 * groups. All methods need the right to write to the groups, which root has. Thread-safe; changes from several threads
 * follow one another, while killing and reading never wait.
 */
public final class Cgroup {

    private static final Duration FREEZE_LIMIT = Duration.ofSeconds(10);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;

    private final Host host;
    private final KernelFiles files;
    private final CgroupLayout layout;
    private final GroupDirectories groups;
    private final ReentrantLock changes = new ReentrantLock();

    private Cgroup(Host host, CgroupLayout layout, GroupDirectories groups) {
        this.host = host;
        this.files = host.files();
        this.layout = layout;
        this.groups = groups;
    }

    /**
     * The groups of a VNF that were made by a plan.
     *
     * @param host the host
     * @param layout the layout that the plan was made for
     * @param directories the plan's {@link CgroupPlan#directories()}
     * @return a handle; nothing is touched yet
     * @throws IllegalArgumentException if a directory is in no hierarchy, is the root of one, or they are not the same
     *     group in each
     */
    public static Cgroup open(Host host, CgroupLayout layout, List<Path> directories) {
        return new Cgroup(host, layout, GroupDirectories.of(layout, directories));
    }

    /**
     * The directories.
     *
     * @return one per hierarchy
     */
    public List<Path> directories() {
        return groups.all();
    }

    /**
     * The processes in the group and in those below it.
     *
     * @return ids as the JVM's pid namespace knows them, ascending; without those it does not know
     * @throws KernelFileException if the group cannot be read for another reason than being gone
     */
    public List<Integer> processes() {
        List<Integer> processes = new ArrayList<>();
        collectProcesses(mainDirectory(), processes);
        return processes.stream().distinct().sorted().toList();
    }

    private void collectProcesses(Path directory, List<Integer> processes) {
        try {
            files.readIfExists(directory.resolve("cgroup.procs").toString()).ifPresent(text ->
                    text.lines().map(Integer::valueOf).filter(pid -> pid != 0).forEach(processes::add));
            for (String name : files.listIfExists(directory.toString())) {
                if (files.isDirectory(directory.resolve(name).toString())) {
                    collectProcesses(directory.resolve(name), processes);
                }
            }
        } catch (KernelFileException failure) {
            // ENODEV: the group was removed while it was read; ENOENT: a child was.
            if (!failure.is(Errno.ENODEV) && !failure.is(Errno.ENOENT)) {
                throw failure;
            }
        }
    }

    /**
     * Tells whether a process is left in the group or below it.
     *
     * @return false also where the group is gone
     */
    public boolean isPopulated() {
        if (groups.unified().isEmpty()) {
            return !processes().isEmpty();
        }
        return KeyedFile.read(files, mainDirectory().resolve("cgroup.events")).value("populated").orElse(0) == 1;
    }

    /**
     * Waits until no process is left. Looks again and again, since the kernel's notification needs a thread per group.
     *
     * @param limit how long to wait at most
     * @return false if a process is left after that time
     */
    public boolean awaitEmpty(Duration limit) {
        return Polling.until(() -> !isPopulated(), limit);
    }

    /**
     * Stops all processes and returns when they stand still. A frozen DPDK primary process leaves its secondaries and
     * the rings of its NICs running.
     *
     * @throws CgroupTimeoutException if they do not stand still after 10 seconds; the group is thawed again then
     * @throws KernelFileException if the kernel refuses
     */
    public void freeze() {
        changing(() -> freezer().freeze(FREEZE_LIMIT));
    }

    /**
     * Lets all processes go on.
     *
     * @throws KernelFileException if the kernel refuses
     */
    public void thaw() {
        changing(() -> freezer().thaw());
    }

    /**
     * Kills all processes in the group and below it, frozen ones as well, and those that are being born. Returns when
     * they have the signal, not when they have ended: see {@link #awaitEmpty}. A group without processes, or one that
     * is gone, is left alone.
     *
     * @throws CgroupTimeoutException without version 2, if new processes keep appearing for 10 seconds
     * @throws KernelFileException if the kernel refuses
     */
    public void kill() {
        Path directory = mainDirectory();
        if (files.exists(directory.resolve("cgroup.kill").toString())) {
            writeUnlessGone(directory.resolve("cgroup.kill").toString(), "1");
        } else if (files.isDirectory(directory.toString())) {
            changing(this::killOneByOne);
        }
    }

    private void writeUnlessGone(String file, String value) {
        try {
            files.write(file, value);
        } catch (KernelFileException failure) {
            if (!failure.is(Errno.ENOENT) && !failure.is(Errno.ENODEV)) {
                throw failure;
            }
        }
    }

    /** Without cgroup.kill: frozen processes cannot fork away, and they end only after they were thawed. */
    private void killOneByOne() {
        boolean gone = Polling.until(() -> {
            Optional<CgroupFreezer> freezer = existingFreezer();
            freezer.ifPresent(CgroupFreezer::tryFreeze);
            try {
                processes().forEach(this::signalKill);
            } finally {
                freezer.ifPresent(CgroupFreezer::thaw);
            }
            return processes().isEmpty();
        }, KILL_LIMIT);
        if (!gone) {
            String left = "processes left: " + processes();
            throw new CgroupTimeoutException("killing", mainDirectory(), KILL_LIMIT, left, null);
        }
    }

    private void signalKill(int pid) {
        try {
            int pidfd = host.syscalls().pidfdOpen(pid);
            try {
                host.syscalls().pidfdSendSignal(pidfd, SIGKILL);
            } finally {
                host.syscalls().close(pidfd);
            }
        } catch (SystemCallException failure) {
            // It ended by itself.
            if (!failure.is(Errno.ESRCH)) {
                throw failure;
            }
        }
    }

    /**
     * Reads what the kernel counts for the group.
     *
     * @return the counters of this moment
     * @throws KernelFileException if a file exists and cannot be read
     */
    public CgroupStatistics statistics() {
        boolean frozen = existingFreezer().filter(CgroupFreezer::isFrozen).isPresent();
        return new StatisticsReader(files, groups).read(processes().size(), isPopulated(), frozen);
    }

    /**
     * Changes the limits while the processes run. Everything is checked first; when the kernel refuses a step
     * nevertheless, the files written before get their old values back. What both descriptions allow stays allowed at
     * every moment: device programs are replaced in one step, version 1 lists are widened before they are narrowed, and
     * where that cannot be (the default changes) the processes stand still meanwhile.
     *
     * @param wanted the new description, with the same parent
     * @throws InvalidVnfException if the host or the groups cannot give what it wants; nothing was changed then
     * @throws KernelFileException if the kernel refuses a value
     * @throws CgroupReadBackException if the kernel took a value without putting it into force
     * @throws DeviceProgramException if a device program could not be loaded or replaced
     */
    public void update(CgroupDescription wanted) {
        changing(() -> {
            String name = groups.group().getFileName().toString();
            CgroupPlan plan = CgroupPlanner.on(host, layout).plan(name, wanted);
            List<Problem> problems = new ArrayList<>(plan.problems());
            problems.addAll(obstacles(plan));
            if (!problems.isEmpty()) {
                throw new InvalidVnfException(name, problems);
            }
            CgroupUpdate.Result update = new CgroupUpdate(files, groups, wanted)
                    .steps(plan, layout.placement("devices") instanceof V1);
            boolean stop = update.needsStandstill() && existingFreezer().filter(CgroupFreezer::isAskedFor).isEmpty();
            if (stop) {
                freezer().freeze(FREEZE_LIMIT);
            }
            try {
                new RestorableSteps(host).apply(update.steps());
            } finally {
                if (stop) {
                    freezer().thaw();
                }
            }
        });
    }

    /** Running processes cannot be moved as safely as new ones are born, so an update makes no further groups. */
    private List<Problem> obstacles(CgroupPlan plan) {
        return plan.directories().stream().filter(directory -> !groups.all().contains(directory))
                .map(directory -> new Problem("cgroup", "the VNF was started without the control group " + directory,
                        "keep the parent, and describe at the launch each controller that shall be changed later"))
                .toList();
    }

    /**
     * Removes the groups and those below them, and gives back the CPUs that a partition had reserved above it. Groups
     * that are gone are passed over, so it can be called again. The parent groups stay: see {@link ParentGroups}.
     *
     * @throws CgroupTimeoutException if processes are still in a group after 5 seconds
     * @throws KernelFileException if the kernel refuses for another reason, or a group became a mount point
     */
    public void remove() {
        changing(() -> {
            CgroupRemoval removal = new CgroupRemoval(host);
            groups.all().forEach(directory -> removal.remove(directory, CgroupSteps.REMOVAL_LIMIT));
        });
    }

    private void changing(Runnable change) {
        changes.lock();
        try {
            change.run();
        } finally {
            changes.unlock();
        }
    }

    private Path mainDirectory() {
        return groups.unified().orElseGet(() -> groups.of("freezer").orElseGet(() -> groups.all().get(0)));
    }

    private CgroupFreezer freezer() {
        return existingFreezer().orElseThrow(() -> new IllegalStateException("the groups " + groups.all()
                + " are neither in the version 2 hierarchy nor in the freezer of version 1"));
    }

    private Optional<CgroupFreezer> existingFreezer() {
        return groups.unified().map(directory -> new CgroupFreezer(files, directory, false))
                .or(() -> groups.of("freezer").map(directory -> new CgroupFreezer(files, directory, true)));
    }

    @Override
    public String toString() {
        return "control group " + groups.group() + " in " + groups.all();
    }
}
