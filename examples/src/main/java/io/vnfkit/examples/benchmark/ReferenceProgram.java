package io.vnfkit.examples.benchmark;

import io.vnfkit.VnfLauncher;
import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.AttachDeviceProgram;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C program that makes the same system calls as vnfkit: {@code launch_reference.c}. Its control groups are those of vnfkit's
 * plan, so both do the same mkdirs and writes.
 */
final class ReferenceProgram {

    private static final String NAME = "benchmark-reference";

    private ReferenceProgram() {}

    /** Starts the program. The groups that those of VNFs lie in have to be there: a launch by vnfkit makes them. */
    static Contestant start(Path programs, LaunchScene scene) throws IOException {
        LaunchPlan plan = VnfLauncher.onThisHost().plan(scene.vnf(NAME));
        List<String> command = new ArrayList<>(
                List.of(programs.resolve("launch_reference").toString(), scene.root().toString(), NAME));
        for (HostStep step : plan.hostSteps()) {
            command.addAll(arguments(step));
        }
        command.addAll(List.of("--", LaunchScene.PROGRAM));
        return TimedProgram.start("C", command);
    }

    private static List<String> arguments(HostStep step) {
        if (step instanceof CreateCgroup create) {
            String join = create.controllers().equals("unified") ? "-u" : "-j";
            return List.of("-d", create.directory().toString(), join, create.directory().toString());
        }
        if (step instanceof WriteCgroupFile write) {
            return List.of("-w", write.file().toString(), write.value());
        }
        if (step instanceof AttachDeviceProgram) {
            throw new IllegalStateException("the C program knows the device lists of version 1 only, not: " + step.describe());
        }
        // Parents are there already, with their controllers enabled.
        return List.of();
    }
}
