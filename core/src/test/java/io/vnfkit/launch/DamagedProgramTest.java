package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vnfkit.LaunchException;
import io.vnfkit.StandardStreams;
import io.vnfkit.launch.compile.ProgramCompiler;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A launch program that was damaged on its way is refused by the init before its first instruction; root is not needed. */
@Timeout(120)
class DamagedProgramTest {

    private static final int HEADER = 64;
    private static final int INSTRUCTION = 72;
    private static final int SLOT_COUNT = 36;

    private final Syscalls syscalls = Syscalls.host();
    private final LaunchPlan plan = new LaunchPlan("damaged", List.of(),
            List.of(new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()), new SupervisorStep.ReportPid(),
                    new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty())),
            List.of(new IsolationStep.DieWithSupervisor(),
                    new RightsStep.Execute(Path.of("/bin/true"), List.of("true"), new TreeMap<>())));

    private byte[] program;
    private InitImage init;
    private int lock;

    @BeforeEach
    void compile() {
        ByteBuffer content = ProgramCompiler.compile(plan, Architecture.current(), KernelFiles.host()).content();
        program = new byte[content.remaining()];
        content.get(program);
        init = InitImage.load(syscalls);
        lock = syscalls.memfd("lock");
    }

    @AfterEach
    void nothingIsLeft() {
        syscalls.close(lock);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void theProgramItselfRuns() {
        StartedInit started = start(program);
        assertThat(started.startedPid(syscalls, plan)).isPositive();
        assertThat(syscalls.waitFor(started.supervisorPid()).exitCode()).isZero();
    }

    @Test
    void everyDamagedByteOfTheHeaderIsRefused() {
        for (int i = 0; i < HEADER; i++) {
            byte[] damaged = program.clone();
            damaged[i] ^= (byte) 0xff;
            if (i != SLOT_COUNT) {
                requireRefusal("header byte " + i, damaged);
            }
        }
    }

    @Test
    void everyTruncatedProgramIsRefused() {
        for (int size = 0; size < program.length; size += 1 + program.length / 40) {
            byte[] truncated = new byte[size];
            System.arraycopy(program, 0, truncated, 0, size);
            requireRefusal("size " + size, truncated);
        }
    }

    @Test
    void anInstructionOfNoKnownKindIsRefused() {
        for (int at = HEADER; at + INSTRUCTION <= HEADER + INSTRUCTION * instructions(); at += INSTRUCTION) {
            byte[] damaged = program.clone();
            damaged[at] = (byte) 0xee;
            requireRefusal("instruction at " + at, damaged);
        }
    }

    private int instructions() {
        return ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
    }

    private void requireRefusal(String what, byte[] damaged) {
        StartedInit started = start(damaged);
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> started.startedPid(syscalls, plan));
        assertThat(failure).as(what).isNotNull();
        assertThat(failure.errno()).as(what).hasValue(Errno.EINVAL);
        assertThat(failure).as(what).hasMessageContaining("launch of VNF \"damaged\" failed");
    }

    private StartedInit start(byte[] bytes) {
        return Spawn.start(syscalls, init, ByteBuffer.wrap(bytes), StandardStreams.DISCARD, lock);
    }
}
