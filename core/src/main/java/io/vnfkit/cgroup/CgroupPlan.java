package io.vnfkit.cgroup;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.HostStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the control groups of one VNF are made, as data.
 *
 * <p>Immutable and thread-safe. Equal descriptions on equal hosts give equal plans.
 *
 * @param steps what is done before the VNF starts, in this order
 * @param joins the groups that the VNF's process joins, the version 2 one first: a process is born in it, so it cannot
 *     be joined later as cheaply
 * @param directories the VNF's own groups, one per hierarchy; what {@link Cgroup#open} takes
 * @param unified the VNF's version 2 group; empty where no version 2 hierarchy is mounted
 * @param freezer the VNF's group in the freezer of version 1; empty where it has none
 * @param problems reasons why the steps would fail; the plan is complete only without them
 */
public record CgroupPlan(List<HostStep> steps, List<CgroupJoin> joins, List<Path> directories, Optional<Path> unified,
        Optional<Path> freezer, List<Problem> problems) {

    /** Copies the lists. */
    public CgroupPlan {
        steps = List.copyOf(steps);
        joins = List.copyOf(joins);
        directories = List.copyOf(directories);
        Objects.requireNonNull(unified, "unified");
        Objects.requireNonNull(freezer, "freezer");
        problems = List.copyOf(problems);
    }

    /** The steps as numbered lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append(i + 1).append(". ").append(steps.get(i).describe()).append('\n');
        }
        problems.forEach(problem -> text.append("problem: ").append(problem).append('\n'));
        return text.toString();
    }
}
