package io.vnfkit.cgroup;

import io.vnfkit.Problem;
import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.Set;

/**
 * Turns the description of a VNF's control groups into steps for a host. Reads the host and writes nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class CgroupPlanner {

    private static final Pattern CONTROL_FILE =
            Pattern.compile("(cgroup|cpuset|hugetlb|devices|freezer|memory|cpu|pids|io)\\.");

    private final KernelFiles files;
    private final CgroupLayout layout;

    private CgroupPlanner(KernelFiles files, CgroupLayout layout) {
        this.files = files;
        this.layout = layout;
    }

    /**
     * A planner for a host as it is now.
     *
     * @param host the host
     * @return the planner
     * @throws io.vnfkit.linux.KernelFileException if the host's mounts cannot be read
     */
    public static CgroupPlanner on(Host host) {
        return on(host, CgroupLayout.read(host.files()));
    }

    /**
     * A planner for a host with a layout that was read, or changed, before.
     *
     * @param host the host
     * @param layout where its controllers live
     * @return the planner
     */
    public static CgroupPlanner on(Host host, CgroupLayout layout) {
        return new CgroupPlanner(host.files(), layout);
    }

    /**
     * The layout that plans are made for.
     *
     * @return where the host's controllers live
     */
    public CgroupLayout layout() {
        return layout;
    }

    /**
     * Plans the groups of a VNF. Groups are made only where the description asks for something, and always in the
     * version 2 hierarchy (without one, in the freezer of version 1): it is what the VNF is killed, frozen and watched
     * by.
     *
     * @param name name of the VNF, which its groups get
     * @param description what they shall enforce
     * @return the plan, with all problems found
     */
    public CgroupPlan plan(String name, CgroupDescription description) {
        List<Problem> problems = new ArrayList<>(description.problems());
        problems.addAll(nameProblems(name));
        if (problems.stream().map(Problem::where).anyMatch(Set.of("name", "cgroup.parent")::contains)) {
            return new CgroupPlan(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), problems);
        }
        PlanDraft draft = new PlanDraft(files, layout, description, description.parent().resolve(name));
        addSupervision(draft);
        new CpusetPart(draft).contribute();
        new HugetlbPart(draft).contribute();
        new RawPart(draft).contribute();
        new DevicePart(draft).contribute();
        draft.groups().forEach(group -> checkPlace(draft, group));
        problems.addAll(draft.problems());
        return plan(draft, problems);
    }

    private static List<Problem> nameProblems(String name) {
        boolean plain = !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.length() <= 255
                && name.chars().noneMatch(character -> character == '/' || character <= ' ' || character == 127);
        // Files of the parent group have such names, and a directory cannot.
        boolean taken = name.equals("tasks") || CONTROL_FILE.matcher(name).lookingAt();
        return plain && !taken ? List.of() : List.of(new Problem("name",
                "\"" + name + "\" cannot be the name of a control group",
                "take a name without slash, blank and control characters that is not that of a control file"));
    }

    private void addSupervision(PlanDraft draft) {
        Optional<Hierarchy> place = layout.unified().map(Hierarchy.class::cast).or(() -> layout.hierarchy("freezer"));
        place.ifPresentOrElse(draft::group, () -> draft.problem("cgroup", "no control group file system is mounted",
                "mount it: mount -t cgroup2 none /sys/fs/cgroup"));
    }

    private void checkPlace(PlanDraft draft, GroupDraft group) {
        Path nearest = group.nearest();
        boolean writable = Files.isWritable(files.resolve(nearest));
        while (!writable && !nearest.equals(group.hierarchy().mountPoint()) && !files.isDirectory(nearest.toString())) {
            // It went with the last VNF below it.
            nearest = nearest.getParent();
            writable = Files.isWritable(files.resolve(nearest));
        }
        if (!writable) {
            String own = layout.ownDirectory(group.hierarchy()).map(path -> ", this process is in " + path).orElse("");
            draft.problem("cgroup.parent", "no group can be made in " + nearest + own,
                    "run as root with the hierarchy mounted writable, or name a parent group delegated to you");
        }
        for (Path ancestor : group.ancestors()) {
            checkProcesses(draft, group, ancestor);
        }
    }

    /**
     * Version 2: a group that has processes cannot enable controllers for children, the root of the hierarchy excepted.
     */
    private void checkProcesses(PlanDraft draft, GroupDraft group, Path ancestor) {
        // Only the root of the hierarchy has no cgroup.type.
        if (group.enabled().isEmpty() || !files.exists(ancestor.resolve("cgroup.type").toString())) {
            return;
        }
        List<String> enabled = List.of(read(ancestor.resolve("cgroup.subtree_control")).split(" "));
        if (enabled.containsAll(group.enabled())) {
            return;
        }
        if (!read(ancestor.resolve("cgroup.procs")).isEmpty()) {
            draft.problem("cgroup.parent", "the group " + ancestor + " has processes of its own, so that "
                            + String.join(", ", group.enabled()) + " cannot be enabled for groups below it",
                    "move its processes to a group below it, or name another parent group");
        }
    }

    /** Nothing where the group went with the last VNF below it. */
    private String read(Path file) {
        return files.readIfExists(file.toString()).orElse("");
    }

    private CgroupPlan plan(PlanDraft draft, List<Problem> problems) {
        List<GroupDraft> groups = new ArrayList<>(draft.groups());
        groups.sort(Comparator.comparing(GroupDraft::isVersion1).thenComparing(GroupDraft::directory));
        List<HostStep> steps = groups.stream().flatMap(group -> group.steps().stream()).toList();
        return new CgroupPlan(steps, groups.stream().map(GroupDraft::join).toList(),
                groups.stream().map(GroupDraft::directory).toList(),
                groups.stream().filter(group -> !group.isVersion1()).map(GroupDraft::directory).findFirst(),
                groups.stream().filter(CgroupPlanner::isFreezer).map(GroupDraft::directory).findFirst(), problems);
    }

    private static boolean isFreezer(GroupDraft group) {
        return group.isVersion1() && group.hierarchy().controllers().contains("freezer");
    }
}
