package io.vnfkit.hugetlb;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decides how many huge pages a process can get.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pageSize size of a page
 * @param mountFree pages that the mount still allows; empty where it has no {@code size}
 * @param mountReserved pages that the mount holds in reserve for its users, from {@code min_size}
 * @param limits what the control groups still allow
 * @param granted what the description grants; empty where it does not say
 * @param free free pages per NUMA node that the process may use, reserved ones among them
 * @param unreserved free pages of the whole host that are promised to nobody
 */
public record HugepageFacts(PageSize pageSize, OptionalLong mountFree, long mountReserved, HugetlbLimits limits,
        Optional<Bytes> granted, SortedMap<Integer, Long> free, long unreserved) {

    /** Copies the nodes and checks that no part is missing. */
    public HugepageFacts {
        Objects.requireNonNull(pageSize, "pageSize");
        Objects.requireNonNull(mountFree, "mountFree");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(granted, "granted");
        free = Collections.unmodifiableSortedMap(new TreeMap<>(free));
    }

    /**
     * What a pool has on some nodes, without any mount, group or grant.
     *
     * @param pool the pool
     * @param nodes nodes that the process may use; empty means all
     * @return the facts
     */
    public static HugepageFacts of(HugepagePool pool, NodeSet nodes) {
        SortedMap<Integer, Long> free = new TreeMap<>();
        pool.nodes().forEach((number, node) -> {
            if (nodes.isEmpty() || nodes.contains(number)) {
                free.put(number, node.free());
            }
        });
        return new HugepageFacts(pool.pageSize(), OptionalLong.empty(), 0, HugetlbLimits.NONE, Optional.empty(), free,
                pool.unreserved());
    }

    /**
     * The same at a mount with a size.
     *
     * @param pages pages that it still allows; empty where it has no size
     * @param reserved pages that it holds in reserve
     * @return the new facts
     */
    public HugepageFacts atMount(OptionalLong pages, long reserved) {
        return new HugepageFacts(pageSize, pages, reserved, limits, granted, free, unreserved);
    }

    /**
     * The same under control groups.
     *
     * @param groups what they still allow
     * @return the new facts
     */
    public HugepageFacts under(HugetlbLimits groups) {
        return new HugepageFacts(pageSize, mountFree, mountReserved, groups, granted, free, unreserved);
    }

    /**
     * The same with a grant.
     *
     * @param amount what is granted; empty where the description does not say
     * @return the new facts
     */
    public HugepageFacts granted(Optional<Bytes> amount) {
        return new HugepageFacts(pageSize, mountFree, mountReserved, limits, amount, free, unreserved);
    }
}
