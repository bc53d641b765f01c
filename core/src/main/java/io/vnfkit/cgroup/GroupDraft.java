package io.vnfkit.cgroup;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.cgroup.Placement.V2;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.EnableControllers;
import io.vnfkit.launch.step.HostStep.EnsureParentCgroup;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The VNF's group in one hierarchy while a plan is made. Not thread-safe. */
final class GroupDraft {

    private final KernelFiles files;
    private final Hierarchy hierarchy;
    private final Path directory;
    private final List<Path> ancestors = new ArrayList<>();
    private final SortedSet<String> enabled = new TreeSet<>();
    private final List<HostStep> writes = new ArrayList<>();
    private Path nearest;

    GroupDraft(KernelFiles files, Hierarchy hierarchy, Path group) {
        this.files = files;
        this.hierarchy = hierarchy;
        Path place = hierarchy.mountPoint();
        for (Path name : group) {
            ancestors.add(place);
            place = place.resolve(name);
        }
        this.directory = place;
    }

    Hierarchy hierarchy() {
        return hierarchy;
    }

    boolean isVersion1() {
        return hierarchy instanceof V1;
    }

    Path directory() {
        return directory;
    }

    /** The groups above the VNF's, from the mount point down. */
    List<Path> ancestors() {
        return ancestors;
    }

    /** The lowest ancestor that exists. */
    Path nearest() {
        if (nearest == null) {
            nearest = findNearest();
        }
        return nearest;
    }

    private Path findNearest() {
        for (int i = ancestors.size() - 1; i > 0; i--) {
            if (files.isDirectory(ancestors.get(i).toString())) {
                return ancestors.get(i);
            }
        }
        return hierarchy.mountPoint();
    }

    /** Existing ancestors, the lowest first. */
    List<Path> existingAncestors() {
        List<Path> existing = new ArrayList<>();
        for (Path place = nearest(); place.startsWith(hierarchy.mountPoint()); place = place.getParent()) {
            existing.add(place);
        }
        return existing;
    }

    /** A file of cpuset, whose prefix a mount option can take away. */
    Path cpusetFile(String name) {
        return cpusetFile(directory, name);
    }

    Path cpusetFile(Path group, String name) {
        return group.resolve(hierarchy instanceof V1 version1 && version1.noPrefix() ? name : "cpuset." + name);
    }

    void enable(String controller) {
        // The devices and the freezer of version 2 are no controllers: they need and know no enabling.
        if (hierarchy instanceof V2 && hierarchy.controllers().contains(controller)) {
            enabled.add(controller);
        }
    }

    SortedSet<String> enabled() {
        return enabled;
    }

    void write(Path file, String value) {
        writes.add(new WriteCgroupFile(file, value));
    }

    void step(HostStep step) {
        writes.add(step);
    }

    CgroupJoin join() {
        return isVersion1() ? new CgroupJoin.V1(directory) : new CgroupJoin.V2(directory);
    }

    /**
     * The parents are set up only when the VNF's group is below them: until then, the end of another VNF can take them
     * away, and somebody else can make them anew and bare.
     */
    List<HostStep> steps() {
        List<HostStep> steps = new ArrayList<>();
        List<Path> parents = ancestors.subList(1, ancestors.size());
        parents.forEach(parent -> steps.add(new EnsureParentCgroup(hierarchy.label(), parent)));
        steps.add(new CreateCgroup(hierarchy.label(), directory));
        parents.forEach(parent -> inheritCpuset(parent, steps));
        if (!enabled.isEmpty()) {
            ancestors.forEach(ancestor -> steps.add(new EnableControllers(ancestor, List.copyOf(enabled))));
        }
        steps.addAll(writes);
        return steps;
    }

    private void inheritCpuset(Path ancestor, List<HostStep> steps) {
        if (isVersion1() && hierarchy.controllers().contains("cpuset")) {
            steps.add(new InheritCgroupFile(cpusetFile(ancestor, "mems")));
            steps.add(new InheritCgroupFile(cpusetFile(ancestor, "cpus")));
        }
    }
}
