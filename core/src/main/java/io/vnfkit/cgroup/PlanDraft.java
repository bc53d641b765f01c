package io.vnfkit.cgroup;

import io.vnfkit.Problem;
import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the parts of a description put together while a plan is made. Not thread-safe. */
final class PlanDraft {

    private final KernelFiles files;
    private final CgroupLayout layout;
    private final CgroupDescription description;
    private final Path group;
    private final List<GroupDraft> groups = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** A draft; {@code group} is the VNF's group relative to the mount points. */
    PlanDraft(KernelFiles files, CgroupLayout layout, CgroupDescription description, Path group) {
        this.files = files;
        this.layout = layout;
        this.description = description;
        this.group = group;
    }

    KernelFiles files() {
        return files;
    }

    CgroupDescription description() {
        return description;
    }

    List<GroupDraft> groups() {
        return groups;
    }

    List<Problem> problems() {
        return problems;
    }

    void problem(String where, String what, String cure) {
        problems.add(new Problem(where, what, cure));
    }

    /** The VNF's group in a hierarchy; the same draft for every controller of the hierarchy. */
    GroupDraft group(Hierarchy hierarchy) {
        for (GroupDraft draft : groups) {
            if (draft.hierarchy().equals(hierarchy)) {
                return draft;
            }
        }
        GroupDraft draft = new GroupDraft(files, hierarchy, group);
        groups.add(draft);
        return draft;
    }

    /** The VNF's group where a controller lives; a problem and nothing where it cannot be used. */
    Optional<GroupDraft> groupFor(String controller, String where) {
        Placement placement = layout.placement(controller);
        if (placement instanceof Placement.None none) {
            problem(where, none.reason(), none.cure());
            return Optional.empty();
        }
        GroupDraft draft = group((Hierarchy) placement);
        draft.enable(controller);
        return Optional.of(draft);
    }
}
