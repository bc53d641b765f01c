package io.vnfkit.cgroup;

import io.vnfkit.Problem;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the control groups of a VNF shall enforce. Says nothing of versions: where a controller lives is the host's
 * affair.
 *
 * <p>Immutable and thread-safe.
 */
public final class CgroupDescription {

    /** Below which group the VNFs get theirs, unless a description says otherwise. */
    public static final Path DEFAULT_PARENT = Path.of("vnfkit");

    private record Values(
            Path parent,
            Optional<CpuSet> cpus,
            Optional<NodeSet> memoryNodes,
            Optional<Boolean> memoryMigrate,
            boolean exclusive,
            Partition partition,
            SortedMap<PageSize, HugetlbLimit> hugetlb,
            DevicePolicy devices,
            List<RawCgroupFile> rawFiles,
            List<Problem> deviceProblems) {}

    private final Values values;

    private CgroupDescription(Values values) {
        this.values = values;
    }

    /**
     * A builder without limits, except that only {@link DevicePolicy#standard() the standard devices} are allowed.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from this description.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The group in every hierarchy below which the VNF gets its own.
     *
     * @return a relative path; empty for the root of what is mounted
     */
    public Path parent() {
        return values.parent;
    }

    /**
     * CPUs of {@code cpuset.cpus}.
     *
     * @return the CPUs; empty means those of the parent
     */
    public CpuSet cpus() {
        return values.cpus.orElse(CpuSet.empty());
    }

    /**
     * NUMA nodes of {@code cpuset.mems}.
     *
     * @return the nodes; empty means those of the parent
     */
    public NodeSet memoryNodes() {
        return values.memoryNodes.orElse(NodeSet.empty());
    }

    /**
     * Whether pages move along when the nodes change while the VNF runs.
     *
     * @return empty where the description does not say
     */
    public Optional<Boolean> memoryMigrate() {
        return values.memoryMigrate;
    }

    /**
     * Whether no sibling group may have one of the CPUs: version 1's {@code cpuset.cpu_exclusive}.
     *
     * @return true if so
     */
    public boolean exclusive() {
        return values.exclusive;
    }

    /**
     * What becomes of the CPUs: version 2's {@code cpuset.cpus.partition}.
     *
     * @return the kind of partition
     */
    public Partition partition() {
        return values.partition;
    }

    /**
     * Limits of the hugetlb controller.
     *
     * @return the limits per page size; a size that is missing is not limited
     */
    public SortedMap<PageSize, HugetlbLimit> hugetlb() {
        return values.hugetlb;
    }

    /**
     * Device nodes that may be used.
     *
     * @return the policy
     */
    public DevicePolicy devices() {
        return values.devices;
    }

    /**
     * Values for files that have no type here.
     *
     * @return the files in the order of the description
     */
    public List<RawCgroupFile> rawFiles() {
        return values.rawFiles;
    }

    /**
     * What is wrong with the description whatever the host.
     *
     * @return the problems; empty if it is sound
     */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(DescriptionCheck.problems(values.parent, values.cpus,
                values.memoryNodes, values.partition, values.hugetlb, values.rawFiles));
        problems.addAll(values.deviceProblems);
        return List.copyOf(problems);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CgroupDescription description && values.equals(description.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "CgroupDescription");
    }

    /** Builds a description. A later call replaces what an earlier one said of the same thing. Not thread-safe. */
    public static final class Builder {

        private Path parent = DEFAULT_PARENT;
        private Optional<CpuSet> cpus = Optional.empty();
        private Optional<NodeSet> memoryNodes = Optional.empty();
        private Optional<Boolean> memoryMigrate = Optional.empty();
        private boolean exclusive;
        private Partition partition = Partition.MEMBER;
        private final SortedMap<PageSize, HugetlbLimit> hugetlb = new TreeMap<>();
        private DevicePolicy devices = DevicePolicy.standard();
        private final List<Problem> deviceProblems = new ArrayList<>();
        private final List<RawCgroupFile> rawFiles = new ArrayList<>();

        private Builder() {}

        private Builder(CgroupDescription description) {
            parent = description.parent();
            // Problems come along: whoever adds to a description must not hide what is wrong with it.
            cpus = description.values.cpus;
            memoryNodes = description.values.memoryNodes;
            deviceProblems.addAll(description.values.deviceProblems);
            memoryMigrate = description.memoryMigrate();
            exclusive = description.exclusive();
            partition = description.partition();
            hugetlb.putAll(description.hugetlb());
            devices = description.devices();
            rawFiles.addAll(description.rawFiles());
        }

        /**
         * The group in every hierarchy below which the VNF gets its own; it is made where it does not exist, and
         * removed with the last VNF then. Where systemd manages the groups, name a unit with {@code Delegate=yes}.
         *
         * @param group relative path such as {@code system.slice/vnfs}; empty for the root of what is mounted
         * @return this builder
         */
        public Builder parent(Path group) {
            this.parent = Objects.requireNonNull(group, "group");
            return this;
        }

        /**
         * CPUs that the VNF may run on: {@code cpuset.cpus}.
         *
         * @param granted the CPUs; at least one
         * @return this builder
         */
        public Builder cpus(CpuSet granted) {
            this.cpus = Optional.of(granted);
            return this;
        }

        /**
         * NUMA nodes that the VNF's memory may come from: {@code cpuset.mems}.
         *
         * @param granted the nodes; at least one
         * @return this builder
         */
        public Builder memoryNodes(NodeSet granted) {
            this.memoryNodes = Optional.of(granted);
            return this;
        }

        /**
         * Moves pages along when the nodes change while the VNF runs: version 1's {@code cpuset.memory_migrate}.
         * Version 2 always does. Pages of hugetlbfs move only in part, and pages pinned for VFIO never: place memory
         * before the VNF allocates it.
         *
         * @param migrate true to move pages
         * @return this builder
         */
        public Builder memoryMigrate(boolean migrate) {
            this.memoryMigrate = Optional.of(migrate);
            return this;
        }

        /**
         * Refuses the CPUs to sibling groups: version 1's {@code cpuset.cpu_exclusive}. The parent must be exclusive
         * too.
         *
         * @param wanted true to be exclusive
         * @return this builder
         */
        public Builder exclusive(boolean wanted) {
            this.exclusive = wanted;
            return this;
        }

        /**
         * Takes the CPUs out of the parent: version 2's {@code cpuset.cpus.partition}.
         *
         * @param kind the kind of partition
         * @return this builder
         */
        public Builder partition(Partition kind) {
            this.partition = Objects.requireNonNull(kind, "kind");
            return this;
        }

        /**
         * Limits hugepage memory of a page size, both at reservation ({@code rsvd}: mmap fails with ENOMEM) and at the
         * first touch.
         *
         * @param pageSize the page size
         * @param limit the most it may hold; a multiple of the page size
         * @return this builder
         */
        public Builder hugetlb(PageSize pageSize, Bytes limit) {
            return hugetlb(pageSize, HugetlbLimit.of(limit));
        }

        /**
         * Limits hugepage memory of a page size, differently at the first touch and at reservation.
         *
         * @param pageSize the page size
         * @param fault the most that can be touched; a multiple of the page size
         * @param reservation the most that can be mapped; a multiple of the page size
         * @return this builder
         */
        public Builder hugetlb(PageSize pageSize, Bytes fault, Bytes reservation) {
            return hugetlb(pageSize, new HugetlbLimit(Optional.of(fault), Optional.of(reservation)));
        }

        /**
         * Limits hugepage memory of a page size.
         *
         * @param pageSize the page size
         * @param limit the limits; multiples of the page size
         * @return this builder
         */
        public Builder hugetlb(PageSize pageSize, HugetlbLimit limit) {
            hugetlb.put(Objects.requireNonNull(pageSize, "pageSize"), Objects.requireNonNull(limit, "limit"));
            return this;
        }

        /**
         * Allows device nodes, like a write to version 1's {@code devices.allow}.
         *
         * @param rule what is allowed
         * @return this builder
         */
        public Builder allowDevice(DeviceRule rule) {
            return devices.obstacleToAllow(rule).map(obstacle -> refuse("allow", rule, obstacle)).orElseGet(() -> {
                devices = devices.allow(rule);
                return this;
            });
        }

        /**
         * Denies device nodes, like a write to version 1's {@code devices.deny}. {@link DeviceRule#everything()}
         * empties the list, the standard devices included.
         *
         * @param rule what is denied
         * @return this builder
         */
        public Builder denyDevice(DeviceRule rule) {
            return devices.obstacleToDeny(rule).map(obstacle -> refuse("deny", rule, obstacle)).orElseGet(() -> {
                devices = devices.deny(rule);
                return this;
            });
        }

        private Builder refuse(String verb, DeviceRule rule, DeviceRule obstacle) {
            deviceProblems.add(new Problem("cgroup.devices",
                    "cannot " + verb + " \"" + rule + "\", which is a part of \"" + obstacle + "\"",
                    "the kernel cannot cut a part out of a rule: name the devices one by one instead"));
            return this;
        }

        /**
         * Lets the VNF use every device that the parent group may use.
         *
         * @return this builder
         */
        public Builder allowAllDevices() {
            return devices(DevicePolicy.allowAll());
        }

        /**
         * Replaces the whole device policy.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder devices(DevicePolicy policy) {
            devices = Objects.requireNonNull(policy, "policy");
            deviceProblems.clear();
            return this;
        }

        /**
         * The escape hatch: writes any file of any controller. Nothing is checked but that the controller is there, and
         * the file and its value must suit the controller's version on this host.
         *
         * @param controller the controller, such as {@code cpu}
         * @param file name of the file, such as {@code cpu.max}
         * @param value what is written, as it is
         * @return this builder
         */
        public Builder rawFile(String controller, String file, String value) {
            rawFiles.removeIf(raw -> raw.controller().equals(controller) && raw.file().equals(file));
            rawFiles.add(new RawCgroupFile(controller, file, value));
            return this;
        }

        /**
         * Seals the description. What is wrong with it is kept in {@link CgroupDescription#problems()}, so that a plan
         * lists all problems at once.
         *
         * @return the description
         */
        public CgroupDescription build() {
            return new CgroupDescription(new Values(parent, cpus, memoryNodes, memoryMigrate, exclusive, partition,
                    Collections.unmodifiableSortedMap(new TreeMap<>(hugetlb)), devices, List.copyOf(rawFiles),
                    List.copyOf(deviceProblems)));
        }
    }
}
