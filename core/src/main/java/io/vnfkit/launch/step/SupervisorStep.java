package io.vnfkit.launch.step;

/** A step of the init process that stays on the host, outside the VNF's control groups and namespaces. */
public sealed interface SupervisorStep extends Step {

    /** Stays with the VNF: forwards signals, reaps it, records its exit code. */
    record Supervise() implements SupervisorStep {
        @Override
        public String describe() {
            return "supervise";
        }
    }
}
