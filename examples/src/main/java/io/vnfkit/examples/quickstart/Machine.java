package io.vnfkit.examples.quickstart;

import io.vnfkit.hugetlb.HugepagePool;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.hugetlb.NodePool;
import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What of this machine the quickstart grants to its VNF: the NUMA node with the most free hugepages, and the last CPUs of that
 * node. One CPU stays with the host wherever there are two.
 *
 * @param cpus CPUs for the VNF
 * @param node node of its memory
 * @param otherCpus CPUs that are not granted
 */
record Machine(CpuSet cpus, int node, CpuSet otherCpus) {

    static Machine look(Host host) {
        HostTopology topology = HostTopology.read(host);
        HugepagePool pool = HugepagePools.of(host).pool(PageSize.MIB_2);
        int node = pool.nodes().values().stream()
                .max(Comparator.comparingLong(NodePool::free))
                .map(NodePool::node)
                .orElse(0);
        CpuSet own = ownCpus(host);
        CpuSet near = topology.numa().cpusOf(node).intersection(own);
        CpuSet candidates = near.isEmpty() ? own : near;
        // testpmd takes two lcores: one to control, one to forward.
        int count = Math.min(2, Math.max(1, own.size() - 1));
        int[] sorted = candidates.stream().toArray();
        int[] last = IntStream.of(sorted).skip(Math.max(0, sorted.length - count)).toArray();
        CpuSet granted = CpuSet.of(last);
        return new Machine(granted, node, own.minus(granted));
    }

    /** CPUs that this JVM may use: the machine's, or fewer where it runs in a container itself. */
    private static CpuSet ownCpus(Host host) {
        String key = "Cpus_allowed_list:";
        return host.files().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> CpuSet.parse(line.substring(key.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    NodeSet nodes() {
        return NodeSet.of(node);
    }
}
