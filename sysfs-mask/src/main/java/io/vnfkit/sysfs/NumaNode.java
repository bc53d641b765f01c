package io.vnfkit.sysfs;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A NUMA node.
 *
 * @param number the kernel's number
 * @param cpus its CPUs that are online
 * @param distances relative cost of reaching each node that is online, in ascending order of their numbers; 10 is local
 * @param memoryTotal memory that the kernel manages there; zero for a node without memory
 * @param hugepages counters per page size
 */
public record NumaNode(
        int number,
        CpuSet cpus,
        List<Integer> distances,
        Bytes memoryTotal,
        SortedMap<PageSize, NodeHugepageCounters> hugepages) {

    /** Copies the collections. */
    public NumaNode {
        distances = List.copyOf(distances);
        hugepages = Collections.unmodifiableSortedMap(new TreeMap<>(hugepages));
    }
}
