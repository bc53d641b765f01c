package io.vnfkit.launch.step;

import java.nio.file.Path;

/** A step of the process that becomes the VNF. */
public sealed interface VnfStep extends Step {

    /**
     * Joins a control group.
     *
     * @param directory its directory
     */
    record JoinCgroup(Path directory) implements VnfStep {
        @Override
        public String describe() {
            return "join control group " + directory;
        }
    }
}
