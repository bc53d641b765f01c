package io.vnfkit.cgroup;

import io.vnfkit.cgroup.Placement.None;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.cgroup.Placement.V2;
import io.vnfkit.mount.Mountinfo;
import io.vnfkit.mount.Mountinfo.Mount;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Works a {@link CgroupLayout} out of mountinfo, /proc/cgroups, /proc/self/cgroup and cgroup.controllers. */
final class CgroupLayoutParser {

    /**
     * Names of version 1 controllers (include/linux/cgroup_subsys.h). Super options hold other words beside them, such
     * as {@code clone_children} or {@code seclabel}, and since 6.14 /proc/cgroups lists no longer all of them.
     */
    private static final Set<String> CONTROLLERS = Set.of(
            "cpuset", "cpu", "cpuacct", "blkio", "io", "memory", "devices", "freezer", "net_cls", "perf_event",
            "net_prio", "hugetlb", "pids", "rdma", "misc", "dmem", "debug");
    /** Parts of version 2 itself, which cgroup.controllers does not list. */
    private static final List<String> CORE_OF_VERSION_2 = List.of("devices", "freezer");
    /** One hierarchy can be mounted several times: writable before read-only, whole before a part, the earlier one. */
    private static final Comparator<Mount> BEST_FIRST = Comparator.comparing(Mount::isReadOnly)
            .thenComparing(mount -> Path.of(mount.root()).getNameCount());

    private final Mountinfo mountinfo;
    private final SortedMap<String, Subsystem> subsystems = new TreeMap<>();
    private final SortedMap<String, String> own = new TreeMap<>();
    private final Function<Path, String> controllersAt;

    private record Subsystem(int hierarchy, boolean enabled) {}

    CgroupLayoutParser(Mountinfo mountinfo, List<String> procCgroups, List<String> selfCgroup,
            Function<Path, String> controllersAt) {
        this.mountinfo = mountinfo;
        this.controllersAt = controllersAt;
        procCgroups.forEach(this::parseSubsystem);
        selfCgroup.forEach(this::parseOwn);
    }

    private void parseSubsystem(String line) {
        String[] columns = line.split("\t");
        if (line.startsWith("#") || columns.length < 4) {
            return;
        }
        subsystems.put(columns[0], new Subsystem(Integer.parseInt(columns[1]), columns[3].equals("1")));
    }

    private void parseOwn(String line) {
        // HIERARCHY:CONTROLLERS:PATH, where the path may hold colons.
        String[] parts = line.split(":", 3);
        if (parts.length < 3) {
            return;
        }
        if (parts[1].isEmpty()) {
            own.put(CgroupLayout.UNIFIED, parts[2]);
            return;
        }
        for (String controller : parts[1].split(",")) {
            own.put(controller, parts[2]);
        }
    }

    CgroupLayout parse() {
        List<Mount> cgroups = mountinfo.visible(mount -> Set.of("cgroup", "cgroup2").contains(mount.type()));
        Optional<V2> unified = unified(cgroups);
        SortedMap<String, V1> version1 = version1(cgroups);
        Set<String> names = new TreeSet<>(subsystems.keySet());
        names.addAll(version1.keySet());
        unified.ifPresent(v2 -> names.addAll(v2.controllers()));
        unified.ifPresent(v2 -> names.addAll(CORE_OF_VERSION_2));
        SortedMap<String, Placement> placements = new TreeMap<>();
        names.forEach(name -> placements.put(name, placement(name, version1.get(name), unified)));
        return new CgroupLayout(placements, unified, own);
    }

    private Optional<V2> unified(List<Mount> cgroups) {
        return cgroups.stream().filter(mount -> mount.type().equals("cgroup2")).min(BEST_FIRST).map(mount -> {
            String controllers = controllersAt.apply(mount.mountPoint());
            return new V2(mount.mountPoint(), mount.root(),
                    controllers.isBlank() ? List.of() : List.of(controllers.strip().split(" ")));
        });
    }

    /** The hierarchy of each controller that is mounted as version 1. */
    private SortedMap<String, V1> version1(List<Mount> cgroups) {
        SortedMap<String, V1> hierarchies = new TreeMap<>();
        cgroups.stream().filter(mount -> mount.type().equals("cgroup")).sorted(BEST_FIRST).forEach(mount -> {
            List<String> controllers = controllers(mount);
            boolean noPrefix = mount.superOptions().contains("noprefix");
            V1 hierarchy = new V1(mount.mountPoint(), mount.root(), controllers, noPrefix);
            controllers.forEach(controller -> hierarchies.putIfAbsent(controller, hierarchy));
        });
        return hierarchies;
    }

    private List<String> controllers(Mount mount) {
        return mount.superOptions().stream()
                .filter(option -> CONTROLLERS.contains(option) || subsystems.containsKey(option))
                .toList();
    }

    private Placement placement(String controller, V1 version1, Optional<V2> unified) {
        if (version1 != null) {
            return version1;
        }
        boolean inVersion2 = unified.isPresent() && unified.get().controllers().contains(controller);
        boolean core = unified.isPresent() && CORE_OF_VERSION_2.contains(controller);
        if (inVersion2 || core) {
            return unified.get();
        }
        return none(controller, unified);
    }

    private boolean isVersion1(String controller) {
        Subsystem subsystem = subsystems.get(controller);
        return subsystem != null && subsystem.hierarchy() != 0;
    }

    private None none(String controller, Optional<V2> unified) {
        Subsystem subsystem = subsystems.get(controller);
        if (subsystem != null && !subsystem.enabled()) {
            return new None("the controller " + controller + " is switched off",
                    "boot without cgroup_disable=" + controller + " on the kernel command line");
        }
        if (isVersion1(controller)) {
            return new None("the controller " + controller
                    + " belongs to a version 1 hierarchy that is not mounted here",
                    "mount it: mount -t cgroup -o " + controller + " cgroup /sys/fs/cgroup/" + controller);
        }
        if (unified.isPresent()) {
            return new None("the controller " + controller + " is not offered at " + unified.get().mountPoint(),
                    "enable it in the groups above: echo +" + controller + " > .../cgroup.subtree_control");
        }
        return new None("the controller " + controller + " is not mounted",
                "mount it: mount -t cgroup2 none /sys/fs/cgroup, or mount -t cgroup -o " + controller
                        + " cgroup /sys/fs/cgroup/" + controller);
    }
}
