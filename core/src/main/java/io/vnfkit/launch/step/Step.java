package io.vnfkit.launch.step;

/** One step of a launch. Immutable; equal descriptions on equal hosts give equal steps. */
public sealed interface Step permits HostStep, SupervisorStep, VnfStep {

    /**
     * What the step does, for a person who reads the plan.
     *
     * @return one line
     */
    String describe();
}
