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
 * The C program that makes the same system calls as vnfkit: {@code launch_reference.c}. Its control groups are those of
 * vnfkit's plan, so both do the same mkdirs and writes.
 */
final class ReferenceProgram {

    static final String RESIDENT = "C program";
    static final String STARTED = "C program with its start";

    private ReferenceProgram() {}

    /**
     * The program that runs all the time and launches when asked to: the strictest yardstick there is. The groups that
     * those of VNFs lie in have to be there: a launch by vnfkit makes them.
     */
    static Contestant resident(Path programs, LaunchScene scene) throws IOException {
        List<String> command = new ArrayList<>(List.of(programs.resolve("launch_reference").toString()));
        command.addAll(launch(scene, "benchmark-c"));
        return TimedProgram.start(RESIDENT, command);
    }

    /** The program started for each launch, as a runtime is. */
    static Contestant started(Path programs, LaunchScene scene) throws IOException {
        List<String> command = new ArrayList<>(List.of(programs.resolve("command_timer").toString(),
                programs.resolve("launch_reference").toString(), "--once"));
        command.addAll(launch(scene, "benchmark-c-started"));
        return TimedProgram.start(STARTED, command);
    }

    private static List<String> launch(LaunchScene scene, String name) {
        LaunchPlan plan = VnfLauncher.onThisHost().plan(scene.vnf(name));
        List<String> words = new ArrayList<>(List.of(scene.root().toString(), name));
        for (HostStep step : plan.hostSteps()) {
            words.addAll(arguments(step));
        }
        words.addAll(List.of("--", LaunchScene.PROGRAM));
        return words;
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
            throw new IllegalStateException("the C program knows the device lists of version 1 only, not: "
                    + step.describe());
        }
        // Parents are there already, with their controllers enabled.
        return List.of();
    }
}
