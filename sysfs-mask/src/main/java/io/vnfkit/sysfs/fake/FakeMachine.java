package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * CPUs and memory of a fake host. Numbers CPUs as firmware of servers does: the first threads of all cores, socket by
 * socket, then the second threads. Immutable.
 *
 * @param memory memory per node; zero for a node without memory
 */
record FakeMachine(
        FakeArchitecture architecture,
        int sockets,
        int coresPerSocket,
        int threadsPerCore,
        int nodesPerSocket,
        boolean numa,
        SortedMap<Integer, Bytes> memory,
        CpuSet offline,
        CpuSet isolated,
        CpuSet nohzFull,
        List<PageSize> pageSizes) {

    /** The page size of /proc/sys/vm/nr_hugepages; the machine has huge pages. */
    PageSize defaultPageSize() {
        return pageSizes.contains(PageSize.MIB_2) ? PageSize.MIB_2 : pageSizes.get(0);
    }

    int cpuCount() {
        return sockets * coresPerSocket * threadsPerCore;
    }

    CpuSet present() {
        return CpuSet.range(0, cpuCount() - 1);
    }

    CpuSet online() {
        return present().minus(offline);
    }

    NodeSet nodes() {
        return NodeSet.range(0, sockets * nodesPerSocket - 1);
    }

    NodeSet nodesWithMemory() {
        return NodeSet.of(nodes().stream().filter(node -> memory.get(node).value() > 0).toArray());
    }

    int socketOf(int cpu) {
        return cpu % (sockets * coresPerSocket) / coresPerSocket;
    }

    int coreOf(int cpu) {
        return cpu % coresPerSocket;
    }

    int nodeOf(int cpu) {
        return socketOf(cpu) * nodesPerSocket + coreOf(cpu) / (coresPerSocket / nodesPerSocket);
    }

    CpuSet threadSiblings(int cpu) {
        return onlineCpus(other -> socketOf(other) == socketOf(cpu) && coreOf(other) == coreOf(cpu));
    }

    CpuSet packageSiblings(int cpu) {
        return onlineCpus(other -> socketOf(other) == socketOf(cpu));
    }

    CpuSet cpusOfNode(int node) {
        return onlineCpus(cpu -> nodeOf(cpu) == node);
    }

    private CpuSet onlineCpus(IntPredicate chosen) {
        return CpuSet.of(online().stream().filter(chosen).toArray());
    }

    List<Integer> distances(int node) {
        List<Integer> distances = new ArrayList<>();
        IntStream.range(0, nodes().size()).forEach(other -> distances.add(distance(node, other)));
        return distances;
    }

    private int distance(int node, int other) {
        if (node == other) {
            return 10;
        }
        return node / nodesPerSocket == other / nodesPerSocket ? 12 : 21;
    }
}
