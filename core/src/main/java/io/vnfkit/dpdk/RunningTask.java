package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.function.TaskLayout;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.statistics.TaskStatistics;

/**
 * A task of a forwarding core, which can be started and stopped any number of times.
 *
 * <p>Thread-safe.
 */
public final class RunningTask {

    private final Forwarder forwarder;
    private final Task description;
    private final int handle;
    private final StatisticsArea statistics;
    private boolean isRunning;
    private boolean isFreed;

    RunningTask(Forwarder forwarder, Task description, int handle, StatisticsArea statistics) {
        this.forwarder = forwarder;
        this.description = description;
        this.handle = handle;
        this.statistics = statistics;
    }

    /**
     * What it was made from.
     *
     * @return the description
     */
    public Task description() {
        return description;
    }

    /**
     * Gives the task to its lcore. Does nothing if it runs.
     *
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized void start() {
        requireOpen();
        if (!isRunning) {
            forwarder.startTask(handle, description.lcore());
            isRunning = true;
        }
    }

    /** Takes it back; when this returns, the lcore has left it and holds none of its packets. Does nothing if it stands. */
    public synchronized void stop() {
        if (isRunning) {
            forwarder.stopTask(handle);
            isRunning = false;
        }
    }

    /**
     * Tells whether it was started.
     *
     * @return true between start and stop
     */
    public synchronized boolean isRunning() {
        return isRunning;
    }

    /**
     * What it has counted, read from memory.
     *
     * @return the values now
     */
    public TaskStatistics statistics() {
        return statistics.read(description.name());
    }

    /**
     * Changes the rate of a generator, also while it runs.
     *
     * @param rate the new rate
     * @throws IllegalStateException if this is no generator, or the forwarding core is closed
     */
    public synchronized void setRate(Rate rate) {
        if (!(description.function() instanceof Generator)) {
            throw new IllegalStateException("task \"" + description.name() + "\" is no generator");
        }
        requireOpen();
        forwarder.setGeneratorRate(handle, TaskLayout.rateUnit(rate), TaskLayout.rateValue(rate));
    }

    private void requireOpen() {
        // The number of the handle may be that of another core's task by now.
        if (isFreed) {
            throw new IllegalStateException(
                    "the forwarding core of task \"" + description.name() + "\" is closed");
        }
    }

    synchronized void free() {
        stop();
        isFreed = true;
        forwarder.freeTask(handle);
    }
}
