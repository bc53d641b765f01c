package io.vnfkit.hugetlb;

import io.vnfkit.unit.NodeSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Amounts of memory per NUMA node as the EAL's options take them: MiB, separated by commas, where the position is the
 * node's number (eal_dynmem_hugepage_init in lib/eal/common/eal_common_dynmem.c).
 */
final class EalNodeAmounts {

    /** RTE_MAX_NUMA_NODES of most builds is 32; the EAL refuses a longer list. */
    private static final int LAST_NODE = 31;

    private EalNodeAmounts() {}

    /**
     * The value of --socket-limit. The EAL refuses memory that would reach the limit, not only what would exceed it
     * (eal_memalloc_mem_alloc_validate in lib/eal/common/eal_common_memalloc.c), so the limit is 1 MiB above what the
     * VNF gets: with 1 GiB it could not use its only page of that size. 1 MiB is also the limit of a node from which it
     * gets nothing: a 0 means no limit.
     */
    static String limit(List<HugepageBudget> budgets, NodeSet hostNodes) {
        SortedMap<Integer, Long> mebibytes = new TreeMap<>();
        hostNodes.stream().filter(node -> node <= LAST_NODE).forEach(node -> mebibytes.put(node, 0L));
        for (HugepageBudget budget : budgets) {
            budget.nodes().forEach((node, share) -> mebibytes.merge(node, mebibytes(budget, share.pages()), Long::sum));
        }
        mebibytes.replaceAll((node, amount) -> amount + 1);
        return list(mebibytes);
    }

    /** The value of --socket-mem; empty where there is nothing to take. */
    static Optional<String> preallocation(List<HugepageBudget> budgets) {
        SortedMap<Integer, Long> mebibytes = new TreeMap<>();
        for (HugepageBudget budget : budgets) {
            budget.shares().forEach((node, pages) -> mebibytes.merge(node, mebibytes(budget, pages), Long::sum));
        }
        mebibytes.values().removeIf(amount -> amount == 0);
        return mebibytes.isEmpty() ? Optional.empty() : Optional.of(list(mebibytes));
    }

    private static long mebibytes(HugepageBudget budget, long pages) {
        return budget.pageSize().times(pages).inMebibytes();
    }

    private static String list(SortedMap<Integer, Long> mebibytes) {
        return IntStream.rangeClosed(0, mebibytes.lastKey())
                .mapToObj(node -> mebibytes.getOrDefault(node, 0L).toString()).collect(Collectors.joining(","));
    }
}
