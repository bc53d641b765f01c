package io.vnfkit.dpdk.statistics;

import java.util.Map;

/**
 * All counters of a forwarding core at one moment.
 *
 * @param tasks by name of the task, in the order of the description
 * @param lcores by number
 * @param latencies by name of the sink
 */
public record ForwardingStatistics(
        Map<String, TaskStatistics> tasks, Map<Integer, LcoreStatistics> lcores, Map<String, LatencyStatistics> latencies) {

    /**
     * The counters of one task.
     *
     * @param name its name in the description
     * @return the counters
     * @throws IllegalArgumentException if there is no task of this name
     */
    public TaskStatistics task(String name) {
        TaskStatistics task = tasks.get(name);
        if (task == null) {
            throw new IllegalArgumentException("no task \"" + name + "\"; there are " + tasks.keySet());
        }
        return task;
    }
}
