package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RunningTask;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Task;
import java.util.List;

/** The tasks of a core that run in a sample, as one. */
final class MeasuredTasks {

    private final List<RunningTask> tasks;

    MeasuredTasks(ForwardingCore core, List<Task> tasks) {
        this.tasks = tasks.stream().map(task -> core.task(task.name())).toList();
    }

    void start() {
        tasks.forEach(RunningTask::start);
    }

    void stop() {
        tasks.forEach(RunningTask::stop);
    }

    /** How many packets came through: those that were sent, or at the end of a way those that were received. */
    long packets() {
        return tasks.stream().mapToLong(MeasuredTasks::packets).sum();
    }

    private static long packets(RunningTask task) {
        if (task.description().function() instanceof Generator) {
            return 0;
        }
        return task.description().function() instanceof Sink ? task.statistics().received() : task.statistics().sent();
    }

    /** How often inputs were asked in vain. */
    long idlePolls() {
        return tasks.stream().mapToLong(task -> task.statistics().idlePolls()).sum();
    }
}
