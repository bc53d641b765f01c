package io.vnfkit;

import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.CgroupStatistics;
import io.vnfkit.namespace.NetworkInterface;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A VNF that was launched, or found running.
 *
 * <p>Thread-safe; {@link #close} can be called several times. After the close, and after the end of a VNF that its supervisor alone
 * held ({@link OnJvmExit#LEAVE_RUNNING}), what changes or measures a running VNF throws {@link IllegalStateException}: its name,
 * and the control groups of that name, may belong to another VNF by then.
 */
public interface RunningVnf extends RunningCommand {

    /** What a VNF is doing. */
    enum State {
        /** It runs. */
        RUNNING,
        /** All its processes are frozen. */
        PAUSED,
        /** Its command has ended. */
        EXITED
    }

    /**
     * Its name.
     *
     * @return the name
     */
    String name();

    /**
     * What it is doing.
     *
     * @return its state now
     */
    State state();

    /**
     * Stops it: SIGTERM first, and when it has ended or the grace period is over, SIGKILL to all processes that are left. Wakes it
     * if it is paused. Returns when it has ended; at once if it has already.
     *
     * <p>The first process of a pid namespace ignores signals that it has no handler for: a command that does not handle SIGTERM
     * itself takes the whole grace period unless it was described with {@link Vnf.Builder#init()}.
     *
     * @param grace how long it may take to end by itself; an interrupt of the waiting thread ends it early
     * @return its exit code
     */
    int stop(Duration grace);

    /**
     * Kills all its processes at once, those of {@link #exec} as well. Returns when it has ended.
     *
     * @return its exit code
     */
    int kill();

    /**
     * Freezes all its processes and returns when they stand still. A frozen DPDK primary keeps its NIC queues armed.
     *
     * @throws IllegalStateException if it was closed, or has ended and may have been taken down
     */
    void pause();

    /**
     * Lets its processes go on.
     *
     * @throws IllegalStateException if it was closed, or has ended and may have been taken down
     */
    void resume();

    /**
     * Starts a further command inside: in its namespaces and control groups, with its user, capabilities, resource limits and
     * environment, in the root directory. The command ends with the VNF and with this JVM.
     *
     * @param streams where the command's standard streams go
     * @param command the command and its arguments; looked up on the VNF's PATH
     * @return the running command
     * @throws InvalidVnfException if the command is missing in the VNF's root
     * @throws LaunchException if it cannot be started, with the step and the errno
     * @throws IllegalStateException if the VNF has ended
     */
    RunningCommand exec(StandardStreams streams, String... command);

    /**
     * What its control groups count.
     *
     * @return numbers as of now
     * @throws IllegalStateException if it was closed, or has ended and may have been taken down
     */
    CgroupStatistics statistics();

    /**
     * The limits in force.
     *
     * @return the description that was launched or set last, by this JVM or another one
     */
    CgroupDescription limits();

    /**
     * Changes its limits while it runs. Changes from several threads or JVMs follow one another.
     *
     * @param change called with a builder that holds the limits in force
     * @throws InvalidVnfException if the host cannot give what is asked for; nothing was changed then
     * @throws IllegalStateException if it was closed, or has ended and may have been taken down
     */
    void update(Consumer<CgroupDescription.Builder> change);

    /**
     * Hands it a network interface of the host while it runs, for instance one that the VNF itself has made appear on the host
     * (KNI, section 5.1.3 of the white paper).
     *
     * @param networkInterface the interface
     * @throws LaunchException if it cannot be moved or configured; a veth pair that was made is removed again, while an
     *     interface of the host that was moved, but could not be configured, stays in the VNF
     * @throws IllegalStateException if the VNF has ended
     */
    void attach(NetworkInterface networkInterface);

    /**
     * Kills it if it runs, and takes away everything that its launch made: control groups, mounts, veth pairs, pipes, its
     * name; with the last VNF also the control groups above, if launches made them. After that nothing of it is left on the host.
     * Each thread that calls it returns when that is done.
     *
     * <p>A VNF that another JVM has launched and holds ({@link OnJvmExit#KILL}) is killed; the other JVM takes the rest away.
     *
     * @throws VnfkitException if something cannot be taken away, such as a control group that became a mount point; the name stays
     *     held then, and a further call tries again
     */
    @Override
    void close();
}
