package io.vnfkit.hugetlb;

import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many huge pages of one size a process can really get: the least of what its mount, its control groups, its grant
 * and the free pages on its NUMA nodes allow.
 *
 * <p>A snapshot: free pages are anybody's. Surplus pages, which the kernel makes on demand where overcommit is allowed,
 * are not counted, since only the attempt shows whether it can. Immutable and thread-safe.
 *
 * @param pageSize size of a page
 * @param pages pages from all nodes together
 * @param boundBy what keeps it from getting more
 * @param nodes the budget of each node by itself; they may add up to more than {@code pages}
 */
public record HugepageBudget(PageSize pageSize, long pages, Limit boundBy, SortedMap<Integer, NodeBudget> nodes) {

    /** Copies the nodes and checks that no part is missing. */
    public HugepageBudget {
        Objects.requireNonNull(pageSize, "pageSize");
        Objects.requireNonNull(boundBy, "boundBy");
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /**
     * Works it out.
     *
     * @param facts what decides
     * @return the budget
     */
    public static HugepageBudget of(HugepageFacts facts) {
        Map<Limit, Long> limits = limits(facts);
        Limit lowest = limits.keySet().stream().min(Comparator.comparingLong(limits::get)).orElseThrow();
        long pages = limits.get(lowest);
        SortedMap<Integer, NodeBudget> nodes = new TreeMap<>();
        facts.free().forEach((node, free) -> nodes.put(node,
                free < pages ? new NodeBudget(node, free, Limit.FREE_PAGES) : new NodeBudget(node, pages, lowest)));
        return new HugepageBudget(facts.pageSize(), pages, lowest, nodes);
    }

    private static Map<Limit, Long> limits(HugepageFacts facts) {
        PageSize pageSize = facts.pageSize();
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        facts.mountFree().ifPresent(pages -> limits.put(Limit.MOUNT_SIZE, pages));
        facts.granted().ifPresent(amount -> limits.put(Limit.GRANT, amount.inPages(pageSize)));
        facts.limits().reservation().ifPresent(left -> limits.put(Limit.CGROUP_RESERVATION, left.inPages(pageSize)));
        facts.limits().fault().ifPresent(left -> limits.put(Limit.CGROUP_FAULT, left.inPages(pageSize)));
        limits.put(Limit.FREE_PAGES, facts.free().values().stream().mapToLong(Long::longValue).sum());
        limits.put(Limit.RESERVED_BY_OTHERS, facts.unreserved() + facts.mountReserved());
        return limits;
    }

    /**
     * Looks at a mount that is there. Needs no privilege.
     *
     * @param host the host
     * @param mount a path on hugetlbfs, in the JVM's mount namespace
     * @param limits what the control groups of the process still allow; see {@link HugetlbLimits#ofCgroup}
     * @param nodes NUMA nodes that the process may use; empty means all
     * @return the budget
     * @throws NotHugetlbfsException if the path is on another file system
     * @throws io.vnfkit.linux.SystemCallException if statfs(2) fails, for instance because there is no such path
     */
    public static HugepageBudget ofMount(Host host, Path mount, HugetlbLimits limits, NodeSet nodes) {
        FileSystemStatus status = host.syscalls().statfs(mount);
        if (status.type() != LinuxConstants.HUGETLBFS_MAGIC) {
            throw new NotHugetlbfsException(mount, status.type());
        }
        PageSize pageSize = new PageSize(status.blockSize());
        OptionalLong free = status.blocks() == 0 ? OptionalLong.empty() : OptionalLong.of(status.freeBlocks());
        HugepagePool pool = HugepagePools.of(host).pool(pageSize);
        return of(HugepageFacts.of(pool, nodes).atMount(free, reserved(host, mount, pageSize, status)).under(limits));
    }

    /**
     * What is left of the mount's min_size. Where the mount has no size, the kernel does not say how much of it is used
     * (hugetlbfs_statfs in fs/hugetlbfs/inode.c), and none is counted.
     */
    private static long reserved(Host host, Path mount, PageSize pageSize, FileSystemStatus status) {
        if (status.blocks() == 0) {
            return 0;
        }
        long used = status.blocks() - status.freeBlocks();
        return MountedVolume.on(host.files(), mount).flatMap(volume -> volume.amount("min_size"))
                .map(amount -> Math.max(0, amount.inPages(pageSize) - used)).orElse(0L);
    }

    /**
     * The budget in words, for messages.
     *
     * @return such as {@code 32 pages of 2MiB (64MiB), bound by size= of the hugetlbfs mount}
     */
    public String describe() {
        return pages + " pages of " + pageSize + " (" + amount() + "), bound by " + boundBy.text();
    }

    /**
     * The memory of all nodes together.
     *
     * @return the amount
     */
    public Bytes amount() {
        return pageSize.times(pages);
    }

    /**
     * Divides the budget among the nodes, as evenly as their free pages allow, for a process that takes all of it at
     * once.
     *
     * @return pages per node, which add up to {@link #pages}
     */
    public SortedMap<Integer, Long> shares() {
        SortedMap<Integer, Long> shares = new TreeMap<>();
        long left = pages;
        // From the poorest node to the richest, so that what one cannot give is spread over those that follow.
        List<NodeBudget> poorestFirst =
                nodes.values().stream().sorted(Comparator.comparingLong(NodeBudget::pages)).toList();
        for (int i = 0; i < poorestFirst.size(); i++) {
            long share = Math.min(poorestFirst.get(i).pages(), left / (poorestFirst.size() - i));
            shares.put(poorestFirst.get(i).node(), share);
            left -= share;
        }
        return shares;
    }
}
