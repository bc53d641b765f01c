package io.vnfkit.cgroup;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the control groups of a VNF shall enforce. Says nothing of versions: where a controller lives is the host's affair.
 *
 * <p>Immutable and thread-safe.
 */
public final class CgroupDescription {

    private final CpuSet cpus;
    private final NodeSet memoryNodes;
    private final SortedMap<PageSize, Bytes> hugetlb;
    private final List<DeviceRule> devices;

    private CgroupDescription(Builder builder) {
        this.cpus = builder.cpus;
        this.memoryNodes = builder.memoryNodes;
        this.hugetlb = Collections.unmodifiableSortedMap(new TreeMap<>(builder.hugetlb));
        this.devices = List.copyOf(builder.devices);
    }

    /**
     * A builder without limits.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * CPUs of {@code cpuset.cpus}.
     *
     * @return the CPUs; empty means those of the parent
     */
    public CpuSet cpus() {
        return cpus;
    }

    /**
     * NUMA nodes of {@code cpuset.mems}.
     *
     * @return the nodes; empty means those of the parent
     */
    public NodeSet memoryNodes() {
        return memoryNodes;
    }

    /**
     * Limits of the hugetlb controller.
     *
     * @return the limit per page size; a size that is missing is not limited
     */
    public SortedMap<PageSize, Bytes> hugetlb() {
        return hugetlb;
    }

    /**
     * Device nodes that are allowed beside the small default.
     *
     * @return rules in the order of the description
     */
    public List<DeviceRule> devices() {
        return devices;
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {

        private CpuSet cpus = CpuSet.empty();
        private NodeSet memoryNodes = NodeSet.empty();
        private final SortedMap<PageSize, Bytes> hugetlb = new TreeMap<>();
        private final List<DeviceRule> devices = new ArrayList<>();

        private Builder() {}

        /**
         * CPUs that the VNF may run on: {@code cpuset.cpus}.
         *
         * @param granted the CPUs
         * @return this builder
         */
        public Builder cpus(CpuSet granted) {
            this.cpus = granted;
            return this;
        }

        /**
         * NUMA nodes that the VNF's memory may come from: {@code cpuset.mems}.
         *
         * @param granted the nodes
         * @return this builder
         */
        public Builder memoryNodes(NodeSet granted) {
            this.memoryNodes = granted;
            return this;
        }

        /**
         * Limits hugepage memory of a page size, both at reservation ({@code rsvd}: mmap fails with ENOMEM) and at the first
         * touch.
         *
         * @param pageSize the page size
         * @param limit the most it may hold
         * @return this builder
         */
        public Builder hugetlb(PageSize pageSize, Bytes limit) {
            hugetlb.put(pageSize, limit);
            return this;
        }

        /**
         * Allows device nodes.
         *
         * @param rule what is allowed
         * @return this builder
         */
        public Builder allowDevice(DeviceRule rule) {
            devices.add(rule);
            return this;
        }

        /**
         * Seals the description.
         *
         * @return the description
         */
        public CgroupDescription build() {
            return new CgroupDescription(this);
        }
    }
}
