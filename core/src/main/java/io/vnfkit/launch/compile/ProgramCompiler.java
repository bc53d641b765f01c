package io.vnfkit.launch.compile;

import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.launch.program.Label;
import io.vnfkit.launch.program.Program;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.linux.KernelFiles;

/** Compiles a plan into a launch program. Stateless and thread-safe. */
public final class ProgramCompiler {

    private ProgramCompiler() {}

    /**
     * Compiles the steps that the init takes.
     *
     * @param plan the plan
     * @param architecture where the program will run
     * @param files the host, for content that is filled in at the launch
     * @return the program; its reports carry the plan's step numbers
     */
    public static Program compile(LaunchPlan plan, Architecture architecture, KernelFiles files) {
        ProgramBuilder builder = new ProgramBuilder(architecture);
        Assembly assembly = new Assembly(builder);
        Label vnf = builder.label();
        SupervisorCompiler supervisor = new SupervisorCompiler(assembly, vnf);
        int number = plan.hostSteps().size();
        for (SupervisorStep step : plan.supervisorSteps()) {
            builder.step(++number);
            supervisor.compile(step);
        }
        builder.bind(vnf);
        VnfCompiler process = new VnfCompiler(assembly, files);
        for (VnfStep step : plan.vnfSteps()) {
            builder.step(++number);
            process.compile(step);
        }
        return builder.build();
    }

    /** Hands each step of the VNF's process to the compiler of its group. */
    private static final class VnfCompiler {

        private final IsolationCompiler isolation;
        private final FileTreeCompiler fileTree;
        private final NetworkCompiler network;
        private final RightsCompiler rights;

        VnfCompiler(Assembly assembly, KernelFiles files) {
            this.isolation = new IsolationCompiler(assembly);
            this.fileTree = new FileTreeCompiler(assembly, new FileContents(files));
            this.network = new NetworkCompiler(assembly);
            this.rights = new RightsCompiler(assembly);
        }

        void compile(VnfStep step) {
            if (step instanceof IsolationStep isolationStep) {
                isolation.compile(isolationStep);
            } else if (step instanceof FileTreeStep fileTreeStep) {
                fileTree.compile(fileTreeStep);
            } else if (step instanceof NetworkStep networkStep) {
                network.compile(networkStep);
            } else if (step instanceof RightsStep rightsStep) {
                rights.compile(rightsStep);
            } else {
                throw new IllegalStateException("no compiler for " + step);
            }
        }
    }
}
