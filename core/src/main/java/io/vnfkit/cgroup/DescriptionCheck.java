package io.vnfkit.cgroup;

import io.vnfkit.Problem;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What can be wrong with a description whatever the host. */
final class DescriptionCheck {

    /** Files whose value follows from a typed part of the description: two authors would overwrite each other. */
    private static final Set<String> TYPED_FILES = Set.of(
            "cpuset.cpus", "cpuset.mems", "cpuset.memory_migrate", "cpuset.cpu_exclusive", "cpuset.cpus.partition",
            "cpuset.cpus.exclusive", "devices.allow", "devices.deny");
    private static final Set<String> TYPED_CONTROLLERS = Set.of("cpuset", "hugetlb", "devices");
    private static final Set<String> PROCESS_FILES =
            Set.of("tasks", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "cgroup.type");

    private DescriptionCheck() {}

    static List<Problem> problems(Path parent, Optional<CpuSet> cpus, Optional<NodeSet> nodes, Partition partition,
            SortedMap<PageSize, HugetlbLimit> hugetlb, List<RawCgroupFile> rawFiles) {
        List<Problem> problems = new ArrayList<>();
        checkParent(parent, problems);
        if (cpus.isPresent() && cpus.get().isEmpty()) {
            problems.add(new Problem("cgroup.cpus", "an empty set of CPUs",
                    "name at least one CPU, or leave the CPUs out to have those of the parent group"));
        }
        if (nodes.isPresent() && nodes.get().isEmpty()) {
            problems.add(new Problem("cgroup.memoryNodes", "an empty set of memory nodes",
                    "name at least one node, or leave the nodes out to have those of the parent group"));
        }
        if (partition != Partition.MEMBER && cpus.isEmpty()) {
            problems.add(new Problem("cgroup.partition",
                    "a partition of kind " + partition.word() + " without CPUs of its own", "name its CPUs"));
        }
        hugetlb.forEach((size, limit) -> {
            checkMultiple(size, "fault", limit.fault(), problems);
            checkMultiple(size, "reservation", limit.reservation(), problems);
        });
        rawFiles.forEach(raw -> checkRaw(raw, problems));
        return problems;
    }

    private static void checkParent(Path parent, List<Problem> problems) {
        boolean clean = parent.equals(parent.normalize()) && !parent.startsWith("..");
        if (parent.isAbsolute() || !clean) {
            problems.add(new Problem("cgroup.parent", "\"" + parent + "\" is not a relative path without . and ..",
                    "name the group as seen from the mount point of the hierarchy, such as \"system.slice/vnfs\""));
        }
    }

    private static void checkMultiple(PageSize size, String which, Optional<Bytes> limit, List<Problem> problems) {
        if (limit.isEmpty() || limit.get().value() % size.bytes() == 0) {
            return;
        }
        Bytes down = size.times(limit.get().inPages(size));
        problems.add(new Problem("cgroup.hugetlb[" + size + "]",
                "the " + which + " limit of " + limit.get() + " is not a multiple of the page size,"
                        + " the kernel would take " + down + " for it",
                "take " + down + " or " + down.plus(size.toBytes())));
    }

    private static void checkRaw(RawCgroupFile raw, List<Problem> problems) {
        String where = "cgroup.rawFile[" + raw.file() + "]";
        if (raw.file().isEmpty() || raw.file().contains("/") || raw.file().startsWith("..")) {
            problems.add(new Problem(where, "\"" + raw.file() + "\" is not the name of a file in the group's directory",
                    "name a file such as cpu.max"));
        }
        if (PROCESS_FILES.contains(raw.file())) {
            problems.add(new Problem(where, "the file decides about processes, not about limits",
                    "leave it out; the launch puts the VNF into its groups"));
        }
        boolean typed = TYPED_FILES.contains(raw.file()) || raw.file().startsWith("hugetlb.");
        if (typed && TYPED_CONTROLLERS.contains(raw.controller())) {
            problems.add(new Problem(where, "the file belongs to a typed part of the description",
                    "use the builder's method for it"));
        }
    }
}
