package io.vnfkit.launch.compile;

import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Instruction;
import io.vnfkit.launch.program.Program;
import io.vnfkit.launch.program.ProgramReader;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What single steps are compiled to, decoded: the instructions of each step as text in the style of strace(1). */
final class Compiled {

    private final Program program;
    private final ProgramReader reader;

    private Compiled(List<SupervisorStep> supervisor, List<VnfStep> process, KernelFiles files) {
        LaunchPlan plan = new LaunchPlan("compiled", List.of(), supervisor, process);
        this.program = ProgramCompiler.compile(plan, Architecture.X86_64, files);
        this.reader = new ProgramReader(program.content());
    }

    /** Whole lists, which must make a program. */
    static Compiled of(List<SupervisorStep> supervisor, List<VnfStep> process, KernelFiles files) {
        return new Compiled(supervisor, process, files);
    }

    /** Steps of the VNF's process, between what makes a program of them. */
    static Compiled process(VnfStep... steps) {
        return withSupervisor(List.of(), steps);
    }

    /** Steps of the VNF's process that use what steps of the supervisor have opened. */
    static Compiled withSupervisor(List<SupervisorStep> before, VnfStep... steps) {
        List<SupervisorStep> supervisor = new ArrayList<>(before);
        supervisor.add(new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()));
        supervisor.add(new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));
        List<VnfStep> process = new ArrayList<>(List.of(steps));
        process.add(new RightsStep.Finish());
        return new Compiled(supervisor, process, KernelFiles.below(Path.of("/nowhere")));
    }

    /** Steps of the supervisor after the VNF's process was started. */
    static Compiled supervisor(SupervisorStep... steps) {
        List<SupervisorStep> supervisor = new ArrayList<>();
        supervisor.add(new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()));
        supervisor.addAll(List.of(steps));
        supervisor.add(new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));
        List<VnfStep> process = new ArrayList<>();
        supervisor.stream().filter(SupervisorStep.AwaitVnf.class::isInstance)
                .forEach(step -> process.add(new IsolationStep.AwaitSupervisor("done")));
        process.add(new RightsStep.Finish());
        return new Compiled(supervisor, process, KernelFiles.below(Path.of("/nowhere")));
    }

    /** The instructions of the n-th step of the plan, 1 for the first. */
    List<String> step(int number) {
        return program.toString().lines()
                .filter(line -> line.matches(" *\\d+  step " + number + " .*"))
                .map(line -> line.substring(line.indexOf("step ") + 10).strip())
                .toList();
    }

    /** The instructions of all steps from the n-th on but for the last one, which only ends the program. */
    List<String> stepsFrom(int number) {
        int last = program.instructions().stream().mapToInt(Instruction::step).max().orElseThrow();
        List<String> lines = new ArrayList<>();
        for (int step = number; step < last; step++) {
            lines.addAll(step(step));
        }
        return lines;
    }

    /** The bytes that an argument of an instruction of a step points to. */
    byte[] bytes(int step, int instruction, int argument, int length) {
        List<Instruction> ofStep = program.instructions().stream().filter(each -> each.step() == step).toList();
        return reader.bytes((Data) ofStep.get(instruction).arguments().get(argument), length);
    }
}
