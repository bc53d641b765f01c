package io.vnfkit.launch;

import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.linux.KernelFiles;
import java.util.Optional;

/** Control groups in the place of those that a plan makes. vnfkit did not make them, so it must not take them away. */
final class ForeignGroups {

    private ForeignGroups() {}

    /** The first step that would find its group there. Asked while nothing of vnfkit has the name. */
    static Optional<CreateCgroup> first(KernelFiles files, LaunchPlan plan) {
        return plan.hostSteps().stream()
                .filter(CreateCgroup.class::isInstance)
                .map(CreateCgroup.class::cast)
                .filter(step -> files.isDirectory(step.directory().toString()))
                .findFirst();
    }
}
