package io.vnfkit.launch;

import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A launch as data: which steps, in which order, and where each happens. Plans of equal descriptions on an unchanged host are equal,
 * and {@link #toString} is a numbered text.
 *
 * <p>Steps are numbered through from 1: first those of the host, then those of the supervisor, then those of the VNF's process. Errors
 * of a launch name the step by this number.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name name of the VNF
 * @param hostSteps taken by the JVM on the host, undone in reverse order
 * @param supervisorSteps taken by the init process on the host
 * @param vnfSteps taken by the process that becomes the VNF
 */
public record LaunchPlan(
        String name, List<HostStep> hostSteps, List<SupervisorStep> supervisorSteps, List<VnfStep> vnfSteps) {

    /** Copies the lists. */
    public LaunchPlan {
        Objects.requireNonNull(name, "name");
        hostSteps = List.copyOf(hostSteps);
        supervisorSteps = List.copyOf(supervisorSteps);
        vnfSteps = List.copyOf(vnfSteps);
    }

    /**
     * All steps in the order of their numbers.
     *
     * @return an unmodifiable list; the step at index 0 has number 1
     */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>(hostSteps);
        steps.addAll(supervisorSteps);
        steps.addAll(vnfSteps);
        return List.copyOf(steps);
    }

    /**
     * A step by its number.
     *
     * @param number 1 for the first
     * @return the step
     * @throws IndexOutOfBoundsException if there is no such step
     */
    public Step step(int number) {
        return steps().get(number - 1);
    }

    /**
     * The plan as a numbered text.
     *
     * @return several lines
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Plan to launch VNF \"").append(name).append("\"\n");
        int number = append(text, "On the host:", hostSteps, 1);
        number = append(text, "In the supervisor:", supervisorSteps, number);
        append(text, "In the VNF's process:", vnfSteps, number);
        return text.toString();
    }

    private static int append(StringBuilder text, String title, List<? extends Step> steps, int first) {
        text.append(title).append('\n');
        int number = first;
        for (Step step : steps) {
            text.append(String.format("%4d. %s%n", number++, step.describe()));
        }
        return number;
    }
}
