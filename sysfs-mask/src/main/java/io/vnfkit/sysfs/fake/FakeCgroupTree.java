package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The control groups of a fake host: what comes with a new group, and what its files take. Guarded by the fake kernel.
 */
final class FakeCgroupTree {

    private final FakeTree tree;
    private final FakeMachine machine;
    private final List<CgroupHierarchy> hierarchies;
    private final CgroupDefaults defaults;
    private final CpusetRules cpusets;
    private final CgroupCoreRules core;

    FakeCgroupTree(FakeTree tree, FakeMachine machine, FakeCgroups layout) {
        this.tree = tree;
        this.machine = machine;
        this.hierarchies = layout.hierarchies();
        this.defaults = new CgroupDefaults(machine);
        this.cpusets = new CpusetRules(machine);
        this.core = new CgroupCoreRules(defaults);
    }

    void writeRoots() {
        StringBuilder own = new StringBuilder();
        StringBuilder controllers = new StringBuilder("#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
        for (CgroupHierarchy hierarchy : hierarchies) {
            populate(hierarchy.mountPoint(), hierarchy.unified()
                    ? defaults.version2(hierarchy.controllers(), true)
                    : defaults.version1(hierarchy, true));
            own.append(hierarchy.id()).append(':').append(hierarchy.unified() ? "" : hierarchy.label()).append(":/\n");
            hierarchy.controllers().forEach(controller ->
                    controllers.append(String.format("%s\t%d\t1\t1\n", procName(controller), hierarchy.id())));
        }
        tree.file("/proc/self/cgroup", own.toString());
        tree.file("/proc/cgroups", controllers.toString());
    }

    /** Version 2 calls the controller io that /proc/cgroups lists as blkio. */
    private static String procName(String controller) {
        return controller.equals("io") ? "blkio" : controller;
    }

    Optional<CgroupHierarchy> hierarchyOf(String path) {
        return hierarchies.stream()
                .filter(hierarchy -> hierarchy.contains(path))
                .max(Comparator.comparingInt(hierarchy -> hierarchy.mountPoint().length()));
    }

    void mkdir(CgroupHierarchy hierarchy, String path) {
        Path directory = tree.resolve(path);
        if (!Files.isDirectory(directory.getParent())) {
            throw new SystemCallException("mkdir", path, Errno.ENOENT.number());
        }
        if (Files.exists(directory)) {
            throw new SystemCallException("mkdir", path, Errno.EEXIST.number());
        }
        tree.directory(path);
        String parent = path.substring(0, path.lastIndexOf('/'));
        populate(path, hierarchy.unified()
                ? defaults.version2(tree.words(parent + "/cgroup.subtree_control"), false)
                : childVersion1(hierarchy, parent));
        if (hierarchy.unified() && Files.exists(tree.resolve(path + "/cpuset.cpus.effective"))) {
            inherit(parent, path, "cpuset.cpus.effective");
            inherit(parent, path, "cpuset.mems.effective");
        }
    }

    private Map<String, String> childVersion1(CgroupHierarchy hierarchy, String parent) {
        Map<String, String> files = defaults.version1(hierarchy, false);
        // A new group may use the devices that its parent may use.
        files.computeIfPresent("devices.list", (name, all) -> tree.read(parent + "/devices.list"));
        return files;
    }

    private void inherit(String parent, String path, String name) {
        tree.file(path + "/" + name, tree.read(parent + "/" + name));
    }

    private void populate(String directory, Map<String, String> files) {
        files.forEach((name, content) -> tree.file(directory + "/" + name, content));
    }

    void rmdir(CgroupHierarchy hierarchy, String path) {
        Path directory = tree.resolve(path);
        if (!Files.isDirectory(directory)) {
            throw new SystemCallException("rmdir", path, Errno.ENOENT.number());
        }
        boolean isUsed = !tree.directoriesIn(path).isEmpty() || !tree.read(path + "/cgroup.procs").isBlank();
        if (path.equals(hierarchy.mountPoint()) || isUsed) {
            throw new SystemCallException("rmdir", path, Errno.EBUSY.number(),
                    "a group with processes or child groups, or a mount point");
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException failure) {
            throw new FakeHostException("cannot remove " + directory, failure);
        }
        tree.forget(directory);
    }

    void write(CgroupHierarchy hierarchy, String path, String text) {
        int slash = path.lastIndexOf('/');
        CgroupFile file = new CgroupFile(tree, path.substring(0, slash), path.substring(slash + 1));
        String value = text.strip();
        if (file.name().startsWith("cpuset.")) {
            cpusets.write(file, hierarchy, value);
        } else if (file.name().startsWith("devices.")) {
            DeviceListRules.write(file, hierarchy, value, !tree.directoriesIn(file.group()).isEmpty());
        } else if (file.name().startsWith("hugetlb.")) {
            writeHugetlb(file, hierarchy, value);
        } else {
            core.write(file, hierarchy, value);
        }
    }

    /** Limits are kept in whole pages, rounded down. */
    private void writeHugetlb(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        if (file.name().endsWith("failcnt") || file.name().endsWith("max_usage_in_bytes")) {
            file.set(0);
            return;
        }
        boolean unlimited = value.equals(hierarchy.unified() ? "max" : "-1");
        if (unlimited) {
            file.set(hierarchy.unified() ? "max" : "9223372036854771712");
            return;
        }
        PageSize size = machine.pageSizes().stream()
                .filter(candidate -> file.name().startsWith("hugetlb." + candidate.cgroupName() + "."))
                .findFirst().orElseThrow();
        file.set(file.number(value) / size.bytes() * size.bytes());
    }
}
