package io.vnfkit.dpdk;

import io.vnfkit.dpdk.function.Task;
import java.util.SortedSet;
import java.util.TreeSet;

/** On which NUMA nodes a description needs memory: those of its tasks' lcores. */
final class ForwardingNodes {

    private ForwardingNodes() {}

    static SortedSet<Integer> of(Forwarding forwarding, EalResources resources) {
        SortedSet<Integer> nodes = new TreeSet<>();
        forwarding.tasks().forEach(task -> nodes.add(nodeOf(task, resources)));
        if (nodes.isEmpty()) {
            nodes.add(resources.nodeByLcore().values().stream().min(Integer::compare).orElse(0));
        }
        return nodes;
    }

    static int first(Forwarding forwarding, EalResources resources) {
        return of(forwarding, resources).first();
    }

    static int nodeOf(Task task, EalResources resources) {
        return resources.nodeByLcore().getOrDefault(task.lcore(), 0);
    }
}
