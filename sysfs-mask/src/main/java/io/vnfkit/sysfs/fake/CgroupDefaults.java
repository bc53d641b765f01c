package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.PageSize;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The files of a new control group and their first content, as Linux 6.18 makes them. Immutable. */
final class CgroupDefaults {

    private static final Pattern READ_ONLY = Pattern.compile("cgroup\\.(controllers|events|stat|stat\\.local"
            + "|sane_behavior)|.*effective.*|.*numa_stat|.*\\.current|.*\\.events(\\.local)?|.*usage_in_bytes"
            + "|.*\\.stat|devices\\.list|cpuset\\.memory_pressure|freezer\\.(self|parent)_freezing|pids\\.peak");
    private static final String UNLIMITED_V1 = "9223372036854771712";

    private final FakeMachine machine;

    CgroupDefaults(FakeMachine machine) {
        this.machine = machine;
    }

    static boolean isWritable(String file) {
        return !READ_ONLY.matcher(file).matches();
    }

    Map<String, String> version1(CgroupHierarchy hierarchy, boolean isRoot) {
        Map<String, String> files = new TreeMap<>();
        put(files, "cgroup.clone_children", "0", "notify_on_release", "0");
        files.put("cgroup.procs", "");
        files.put("tasks", "");
        if (isRoot) {
            put(files, "cgroup.sane_behavior", "0", "release_agent", "");
        }
        for (String controller : hierarchy.controllers()) {
            switch (controller) {
                case "cpuset" -> cpusetVersion1(files, isRoot);
                case "devices" -> put(files, "devices.allow", "", "devices.deny", "", "devices.list", "a *:* rwm");
                case "hugetlb" -> machine.pageSizes().forEach(size -> hugetlbVersion1(files, size, isRoot));
                case "freezer" -> put(files, isRoot, "freezer.state", "THAWED", "freezer.self_freezing", "0",
                        "freezer.parent_freezing", "0");
                case "pids" -> put(files, isRoot, "pids.max", "max", "pids.current", "0", "pids.events", "max 0");
                case "memory" -> put(files, "memory.limit_in_bytes", UNLIMITED_V1, "memory.usage_in_bytes", "0");
                case "cpu" -> put(files, "cpu.shares", "1024", "cpu.cfs_period_us", "100000", "cpu.cfs_quota_us", "-1");
                default -> { }
            }
        }
        return files;
    }

    private void cpusetVersion1(Map<String, String> files, boolean isRoot) {
        String cpus = isRoot ? machine.online().toString() : "";
        String nodes = isRoot ? machine.nodesWithMemory().toString() : "";
        String exclusive = isRoot ? "1" : "0";
        put(files, "cpuset.cpus", cpus, "cpuset.effective_cpus", cpus);
        put(files, "cpuset.mems", nodes, "cpuset.effective_mems", nodes);
        put(files, "cpuset.cpu_exclusive", exclusive, "cpuset.mem_exclusive", exclusive, "cpuset.mem_hardwall", "0");
        put(files, "cpuset.memory_migrate", "0", "cpuset.memory_pressure", "0", "cpuset.memory_spread_page", "0");
        put(files, "cpuset.memory_spread_slab", "0", "cpuset.sched_load_balance", "1");
        put(files, "cpuset.sched_relax_domain_level", "-1");
    }

    private static void hugetlbVersion1(Map<String, String> files, PageSize size, boolean isRoot) {
        for (String kind : new String[] {"", "rsvd."}) {
            String prefix = "hugetlb." + size.cgroupName() + "." + kind;
            put(files, isRoot, prefix + "limit_in_bytes", UNLIMITED_V1, prefix + "usage_in_bytes", "0",
                    prefix + "max_usage_in_bytes", "0", prefix + "failcnt", "0");
        }
    }

    Map<String, String> version2(Collection<String> controllers, boolean isRoot) {
        Map<String, String> files = new TreeMap<>();
        put(files, "cgroup.controllers", String.join(" ", controllers), "cgroup.subtree_control", "");
        put(files, "cgroup.max.depth", "max", "cgroup.max.descendants", "max", "cgroup.stat", "nr_descendants 0");
        files.put("cgroup.procs", "");
        files.put("cgroup.threads", "");
        put(files, "cpu.stat", "usage_usec 0\nuser_usec 0\nsystem_usec 0");
        put(files, isRoot, "cgroup.type", "domain", "cgroup.events", "populated 0\nfrozen 0", "cgroup.freeze", "0",
                "cgroup.kill", "");
        controllers.forEach(controller -> files.putAll(controllerVersion2(controller, isRoot)));
        return files;
    }

    /** What a controller adds to a version 2 group when it is switched on there. */
    Map<String, String> controllerVersion2(String controller, boolean isRoot) {
        Map<String, String> files = new TreeMap<>();
        switch (controller) {
            case "cpuset" -> {
                put(files, "cpuset.cpus.effective", machine.online().toString());
                put(files, "cpuset.mems.effective", machine.nodesWithMemory().toString());
                put(files, isRoot, "cpuset.cpus", "", "cpuset.mems", "", "cpuset.cpus.exclusive", "",
                        "cpuset.cpus.exclusive.effective", "", "cpuset.cpus.partition", "member");
            }
            case "hugetlb" -> machine.pageSizes().forEach(size -> hugetlbVersion2(files, size, isRoot));
            case "pids" -> put(files, isRoot, "pids.max", "max", "pids.current", "0", "pids.events", "max 0");
            case "memory" -> put(files, isRoot, "memory.max", "max", "memory.current", "0", "memory.events", "max 0");
            case "cpu" -> put(files, isRoot, "cpu.max", "max 100000", "cpu.weight", "100");
            case "io" -> put(files, isRoot, "io.max", "", "io.weight", "default 100");
            default -> { }
        }
        return files;
    }

    private static void hugetlbVersion2(Map<String, String> files, PageSize size, boolean isRoot) {
        String prefix = "hugetlb." + size.cgroupName() + ".";
        put(files, isRoot, prefix + "max", "max", prefix + "current", "0", prefix + "events", "max 0",
                prefix + "events.local", "max 0", prefix + "rsvd.max", "max", prefix + "rsvd.current", "0",
                prefix + "numa_stat", "total=0 N0=0");
    }

    /** Files that a root group does not have. */
    private static void put(Map<String, String> files, boolean isRoot, String... namesAndValues) {
        if (!isRoot) {
            put(files, namesAndValues);
        }
    }

    private static void put(Map<String, String> files, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            files.put(namesAndValues[i], namesAndValues[i + 1] + "\n");
        }
    }
}
