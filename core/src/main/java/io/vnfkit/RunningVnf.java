package io.vnfkit;

import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.CgroupStatistics;
import io.vnfkit.namespace.NetworkInterface;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A VNF that was launched.
 *
 * <p>Thread-safe; {@link #close} can be called several times.
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
     * Stops it: SIGTERM first, and when the grace period is over, SIGKILL to all its processes. Returns when it has ended.
     *
     * @param grace how long it may take to end by itself
     * @return its exit code
     */
    int stop(Duration grace);

    /**
     * Kills all its processes at once. Returns when it has ended.
     *
     * @return its exit code
     */
    int kill();

    /** Freezes all its processes and returns when they stand still. A frozen DPDK primary keeps its NIC queues armed. */
    void pause();

    /** Lets its processes go on. */
    void resume();

    /**
     * Starts a further command inside: in its namespaces and control groups, with its user, capabilities and environment.
     *
     * @param streams where the command's standard streams go
     * @param command the command and its arguments; looked up on the VNF's PATH
     * @return the running command
     * @throws LaunchException if it cannot be started
     */
    RunningCommand exec(StandardStreams streams, String... command);

    /**
     * What its control groups count.
     *
     * @return numbers as of now
     */
    CgroupStatistics statistics();

    /**
     * The limits in force.
     *
     * @return the description that was launched or set last
     */
    CgroupDescription limits();

    /**
     * Changes its limits while it runs.
     *
     * @param change called with a builder that holds the limits in force
     * @throws InvalidVnfException if the host cannot give what is asked for; nothing was changed then
     */
    void update(Consumer<CgroupDescription.Builder> change);

    /**
     * Hands it a network interface of the host while it runs, for instance one that the VNF itself has made appear on the host
     * (KNI, section 5.1.3 of the white paper).
     *
     * @param networkInterface the interface
     * @throws LaunchException if it cannot be moved or configured
     */
    void attach(NetworkInterface networkInterface);

    /**
     * Kills it if it runs, and takes away everything that its launch made: control groups, mounts, pipes, its name. After that
     * nothing of it is left on the host.
     */
    @Override
    void close();
}
