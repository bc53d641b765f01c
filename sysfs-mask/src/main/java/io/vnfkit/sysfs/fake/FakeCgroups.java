package io.vnfkit.sysfs.fake;

import java.util.ArrayList;
import java.util.List;

/** How the control groups of a fake host are mounted. */
public enum FakeCgroups {

    /** Version 1 only: a hierarchy for each controller below /sys/fs/cgroup. */
    V1(List.of("cpuset", "cpu", "cpuacct", "memory", "devices", "freezer", "blkio", "pids", "hugetlb"), List.of()),

    /** Version 1, except for hugetlb, which is in the version 2 tree at /sys/fs/cgroup/unified. */
    HYBRID(List.of("cpuset", "cpu", "cpuacct", "memory", "devices", "freezer", "blkio", "pids"), List.of("hugetlb")),

    /** Version 2 only, at /sys/fs/cgroup. */
    V2(List.of(), List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids"));

    private static final String ROOT = "/sys/fs/cgroup";

    private final List<String> separate;
    private final List<String> unified;

    FakeCgroups(List<String> separate, List<String> unified) {
        this.separate = separate;
        this.unified = unified;
    }

    List<CgroupHierarchy> hierarchies() {
        List<CgroupHierarchy> hierarchies = new ArrayList<>();
        for (String controller : separate) {
            hierarchies.add(new CgroupHierarchy(
                    hierarchies.size() + 1, ROOT + "/" + controller, false, List.of(controller), ""));
        }
        if (!separate.isEmpty()) {
            hierarchies.add(new CgroupHierarchy(
                    hierarchies.size() + 1, ROOT + "/systemd", false, List.of(), "systemd"));
        }
        if (!unified.isEmpty()) {
            String mountPoint = separate.isEmpty() ? ROOT : ROOT + "/unified";
            hierarchies.add(new CgroupHierarchy(0, mountPoint, true, unified, ""));
        }
        return hierarchies;
    }

    void addMounts(MountTable mounts) {
        if (!separate.isEmpty()) {
            mounts.add(ROOT, "tmpfs", "tmpfs", "mode=755");
        }
        for (CgroupHierarchy hierarchy : hierarchies()) {
            String type = hierarchy.unified() ? "cgroup2" : "cgroup";
            mounts.add(hierarchy.mountPoint(), type, type, hierarchy.unified() ? "" : hierarchy.label());
        }
    }
}
