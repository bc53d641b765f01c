package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import java.util.ArrayList;
import java.util.List;

/** What the files take that every control group has: processes, freezing, controllers of the children. */
final class CgroupCoreRules {

    private final CgroupDefaults defaults;

    CgroupCoreRules(CgroupDefaults defaults) {
        this.defaults = defaults;
    }

    void write(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        switch (file.name()) {
            case "cgroup.procs", "tasks", "cgroup.threads" -> move(file, hierarchy, value);
            case "cgroup.subtree_control" -> switchControllers(file, hierarchy, value);
            case "cgroup.kill" -> {
                requireOneOf(file, value, List.of("1"));
                file.sibling("cgroup.procs").clear();
                updateEvents(file);
            }
            case "cgroup.freeze" -> {
                requireOneOf(file, value, List.of("0", "1"));
                file.set(value);
                file.sibling("cgroup.events").set("populated " + populated(file) + "\nfrozen " + value);
            }
            case "freezer.state" -> {
                requireOneOf(file, value, List.of("FROZEN", "THAWED"));
                file.set(value);
            }
            default -> file.set(value);
        }
    }

    private static int populated(CgroupFile file) {
        return file.sibling("cgroup.procs").content().isEmpty() ? 0 : 1;
    }

    private static void requireOneOf(CgroupFile file, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw file.refuse(Errno.EINVAL, value, "one of " + allowed);
        }
    }

    /** Every number counts as a process: the fake host has none of its own. */
    private static void move(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        long pid = file.number(value);
        String process = Long.toString(pid == 0 ? ProcessHandle.current().pid() : pid);
        boolean isCpuset = !hierarchy.unified() && hierarchy.controllers().contains("cpuset");
        boolean isFilled = !isCpuset
                || !file.sibling("cpuset.cpus").words().isEmpty() && !file.sibling("cpuset.mems").words().isEmpty();
        if (!isFilled) {
            throw file.refuse(Errno.ENOSPC, value, "write cpuset.cpus and cpuset.mems first");
        }
        if (hierarchy.unified() && !file.isRoot(hierarchy)
                && !file.sibling("cgroup.subtree_control").content().isEmpty()) {
            throw file.refuse(Errno.EBUSY, value, "a group that has controllers for its children holds no processes");
        }
        removeProcess(new CgroupFile(file.tree(), hierarchy.mountPoint(), file.name()), process);
        for (String list : List.of("cgroup.procs", hierarchy.unified() ? "cgroup.threads" : "tasks")) {
            CgroupFile processes = file.sibling(list);
            processes.set((processes.content() + "\n" + process).strip());
        }
        updateEvents(file);
    }

    private static void removeProcess(CgroupFile group, String process) {
        for (String list : List.of("cgroup.procs", "cgroup.threads", "tasks")) {
            CgroupFile file = group.sibling(list);
            if (file.exists() && file.words().contains(process)) {
                List<String> others = new ArrayList<>(file.words());
                others.remove(process);
                file.set(String.join("\n", others));
                updateEvents(file);
            }
        }
        group.children().forEach(child -> removeProcess(child, process));
    }

    private static void updateEvents(CgroupFile file) {
        CgroupFile events = file.sibling("cgroup.events");
        if (events.exists()) {
            events.set("populated " + populated(file) + "\nfrozen " + file.sibling("cgroup.freeze").content());
        }
    }

    private void switchControllers(CgroupFile file, CgroupHierarchy hierarchy, String value) {
        List<String> enabled = new ArrayList<>(file.words());
        List<String> available = file.sibling("cgroup.controllers").words();
        for (String change : value.split("\\s+")) {
            String controller = change.substring(1);
            if (!change.matches("[+-][a-z]+")) {
                throw file.refuse(Errno.EINVAL, value, "controllers with + or - before them");
            }
            if (!available.contains(controller)) {
                throw file.refuse(Errno.ENOENT, value, "available are " + available);
            }
            enabled.remove(controller);
            if (change.startsWith("+")) {
                enabled.add(controller);
            }
        }
        boolean hasProcesses = !file.sibling("cgroup.procs").content().isEmpty();
        if (!enabled.isEmpty() && hasProcesses && !file.isRoot(hierarchy)) {
            throw file.refuse(Errno.EBUSY, value, "a group with processes has no controllers for its children");
        }
        file.set(String.join(" ", enabled));
        file.children().forEach(child -> setControllers(child.sibling("cgroup.controllers"), enabled));
    }

    private void setControllers(CgroupFile controllers, List<String> enabled) {
        List<String> before = controllers.words();
        controllers.set(String.join(" ", enabled));
        enabled.stream().filter(controller -> !before.contains(controller)).forEach(controller ->
                defaults.controllerVersion2(controller, false).forEach((name, content) ->
                        controllers.sibling(name).set(content.strip())));
        before.stream().filter(controller -> !enabled.contains(controller)).forEach(controller ->
                defaults.controllerVersion2(controller, false).keySet().forEach(name ->
                        controllers.sibling(name).delete()));
    }
}
