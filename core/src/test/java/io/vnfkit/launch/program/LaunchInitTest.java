package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.linux.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real init on the real kernel, as far as that needs no privilege. */
@Timeout(60)
class LaunchInitTest {

    private static final int AT_FDCWD = -100;
    private static final int O_WRONLY_CREAT = 0x41;
    private static final List<String> NO_ENVIRONMENT = List.of();

    @TempDir
    private Path directory;

    private ProgramBuilder program;

    @BeforeEach
    void startProgram() {
        program = new ProgramBuilder(Architecture.current());
    }

    @Test
    void aChildWithoutNamespacesWritesAFileAndExecutesAProgram() throws Exception {
        Slot child = program.slot();
        Slot file = program.slot();
        Label vnf = program.label();
        program.step(1).cloneChild(0, vnf).into(child).awaitChild().releaseChild()
                .step(2).report(child)
                .step(3).superviseVnf(false, Argument.NONE, Argument.NONE);
        program.bind(vnf).step(4).barrier()
                .syscall(SyscallNumber.OPENAT, Argument.of(AT_FDCWD), program.string("out"),
                        Argument.of(O_WRONLY_CREAT), Argument.of(0644)).into(file)
                .syscall(SyscallNumber.WRITE, file, program.string("hello"), Argument.of(5))
                .step(5).clearSignals().closeFrom(3).exec("/bin/true", List.of("true"), NO_ENVIRONMENT).exit(125);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isZero();
            List<Report> reports = init.reports();
            assertThat(reports).hasSize(1);
            assertThat(reports.get(0)).isInstanceOfSatisfying(Report.Started.class, started -> {
                assertThat(started.step()).isEqualTo(2);
                assertThat(started.value()).isGreaterThan(1);
            });
            assertThat(init.exitRecord()).contains(new ExitRecord(0, 0));
            assertThat(directory.resolve("out")).hasContent("hello");
        }
    }

    @Test
    void theSupervisorEndsWithTheCodeOfTheVnf() throws Exception {
        try (InitProcess init = InitProcess.start(directory, supervised(false, "exit 7"))) {
            assertThat(init.waitFor()).isEqualTo(7);
            assertThat(init.exitRecord()).contains(new ExitRecord(7, 7 << 8));
        }
    }

    @Test
    void aMissingProgramIsReportedWithStepAndErrno() throws Exception {
        Label vnf = program.label();
        program.cloneChild(0, vnf).superviseVnf(false, Argument.NONE, Argument.NONE);
        program.bind(vnf).step(9).exec("/no/such/program", List.of("x"), NO_ENVIRONMENT).exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(9, OptionalInt.of(2), Optional.of(Opcode.SYSCALL), Errno.ENOENT.number(), 0));
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.exitRecord()).contains(new ExitRecord(125, 125 << 8));
        }
    }

    @Test
    void aToleratedErrnoGoesOnToTheNextCandidate() throws Exception {
        program.exec("/no/such/program", List.of("x"), NO_ENVIRONMENT).tolerating(Errno.EACCES, Errno.ENOENT)
                .exec("/bin/sh", List.of("sh", "-c", "exit 3"), NO_ENVIRONMENT).exit(1);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isEqualTo(3);
            assertThat(init.reports()).isEmpty();
        }
    }

    @Test
    void anyErrnoCanBeTolerated() throws Exception {
        program.syscall(SyscallNumber.CLOSE, Argument.of(4711)).toleratingAll().exit(4);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isEqualTo(4);
        }
    }

    @Test
    void signalsAreRelayedAndTheCodeTellsWhichOneEndedTheVnf() throws Exception {
        try (InitProcess init = InitProcess.start(directory, supervised(false, "echo ready; exec sleep 60"))) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).as("the report pipe ends when the supervisor is there").isEmpty();
            init.signal("TERM");
            assertThat(init.waitFor()).isEqualTo(128 + 15);
            assertThat(init.exitRecord().orElseThrow().signal()).hasValue(15);
        }
    }

    @Test
    void aVnfThatHandlesASignalGetsIt() throws Exception {
        String script = "trap 'echo got; exit 5' USR1; echo ready; while :; do read line; done";
        try (InitProcess init = InitProcess.start(directory, supervised(false, script))) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).isEmpty();
            init.signal("USR1");
            assertThat(init.readLine()).isEqualTo("got");
            assertThat(init.waitFor()).isEqualTo(5);
        }
    }

    @Test
    void theEndOfTheJvmKillsAVnfThatShallNotOutliveIt() throws Exception {
        try (InitProcess init = InitProcess.start(directory, supervised(true, "echo ready; exec sleep 60"))) {
            assertThat(init.readLine()).isEqualTo("ready");
            init.closeLiveness();
            assertThat(init.waitFor()).isEqualTo(128 + 9);
        }
    }

    @Test
    void theEndOfTheJvmLeavesAVnfThatShallOutliveItAlone() throws Exception {
        try (InitProcess init = InitProcess.start(directory, supervised(false, "echo ready; read line; exit 6"))) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).isEmpty();
            init.closeLiveness();
            init.stdin().close();
            assertThat(init.waitFor()).isEqualTo(6);
        }
    }

    @Test
    void theEndOfTheJvmWhileTheParentWaitsEndsTheLaunch() throws Exception {
        Label vnf = program.label();
        program.cloneChild(0, vnf).awaitChild().releaseChild().superviseVnf(false, Argument.NONE, Argument.NONE);
        // The child is stuck before its barrier: it reads from a standard input that nobody writes to.
        program.bind(vnf).syscall(SyscallNumber.WRITE, Argument.of(1), program.string("stuck\n"), Argument.of(6))
                .syscall(SyscallNumber.READ, Argument.ZERO, program.data().buffer(1), Argument.of(1))
                .barrier().exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("stuck");
            init.closeLiveness();
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).isEmpty();
        }
    }

    @Test
    void aChildThatFailsBeforeItsBarrierEndsTheParentWithItsReportOnly() throws Exception {
        Label vnf = program.label();
        program.cloneChild(0, vnf).awaitChild().releaseChild().superviseVnf(false, Argument.NONE, Argument.NONE);
        program.bind(vnf).step(7)
                .syscall(SyscallNumber.CHDIR, program.string("/no/such/directory"))
                .barrier().exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(7, OptionalInt.of(4), Optional.of(Opcode.SYSCALL), Errno.ENOENT.number(), 0));
        }
    }

    @Test
    void aChildThatIsKilledBeforeItsBarrierIsReportedByTheParent() throws Exception {
        Slot self = program.slot();
        Label vnf = program.label();
        program.step(3).cloneChild(0, vnf).awaitChild().releaseChild()
                .superviseVnf(false, Argument.NONE, Argument.NONE);
        program.bind(vnf).syscall(SyscallNumber.GETPID).into(self)
                .syscall(SyscallNumber.KILL, self, Argument.of(9))
                .barrier().exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(3, OptionalInt.of(1), Optional.of(Opcode.AWAIT_CHILD), Errno.ECHILD.number(), 9));
        }
    }

    @Test
    void aParentThatFailsTakesItsChildAlong() throws Exception {
        Label vnf = program.label();
        program.cloneChild(0, vnf).awaitChild().step(2).syscall(SyscallNumber.CLOSE, Argument.of(4711))
                .releaseChild().superviseVnf(false, Argument.NONE, Argument.NONE);
        program.bind(vnf).barrier().exec("/bin/sleep", List.of("sleep", "60"), NO_ENVIRONMENT).exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(2, OptionalInt.of(2), Optional.of(Opcode.SYSCALL), Errno.EBADF.number(), 0));
        }
    }

    @Test
    void valuesReachTheDataAndComeBack() throws Exception {
        Data pipe = program.data().buffer(8);
        Data path = program.data().bytes("/proc/##########/comm\0".getBytes(StandardCharsets.US_ASCII));
        Data name = program.data().buffer(16);
        Slot readEnd = program.slot();
        Slot self = program.slot();
        Slot file = program.slot();
        program.syscall(SyscallNumber.PIPE2, pipe, Argument.ZERO)
                .load(pipe, 4).into(readEnd)
                .expect(readEnd, ~0L, Argument.of(3), Errno.EINVAL)
                .syscall(SyscallNumber.GETPID).into(self)
                .formatDecimal(self, path.plus(6), 10)
                .syscall(SyscallNumber.OPENAT, Argument.of(AT_FDCWD), path, Argument.ZERO).into(file)
                .syscall(SyscallNumber.READ, file, name, Argument.of(16))
                .expect(name, 8, ~0L, Argument.of(0x692d74696b666e76L), Errno.EINVAL)
                .store32(Argument.of(0x21636261), name)
                .syscall(SyscallNumber.WRITE, Argument.of(1), name, Argument.of(4))
                .exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).isEmpty();
            assertThat(init.readLine()).isEqualTo("abc!");
            assertThat(init.waitFor()).isZero();
        }
    }

    @Test
    void aValueThatIsNotExpectedIsReported() throws Exception {
        Data word = program.data().bytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        program.expect(word, 4, 0xffff, Argument.of(0x0102), Errno.ELOOP).exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).containsExactly(new Report.Failed(
                    0, OptionalInt.of(0), Optional.of(Opcode.EXPECT), Errno.ELOOP.number(), 0x04030201L));
        }
    }

    @Test
    void aNumberThatDoesNotFitItsFieldIsReported() throws Exception {
        program.formatDecimal(Argument.of(1000), program.data().buffer(8), 3).exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).containsExactly(new Report.Failed(
                    0, OptionalInt.of(0), Optional.of(Opcode.FORMAT_DECIMAL), Errno.EOVERFLOW.number(), 0));
        }
    }

    @Test
    void aDamagedProgramIsRefusedBeforeItsFirstInstruction() throws Exception {
        program.syscall(SyscallNumber.MKDIRAT, Argument.of(AT_FDCWD), program.string("made"), Argument.of(0755))
                .exit(0);
        Program whole = program.build();
        byte[] damaged = new byte[whole.size()];
        whole.content().get(damaged);
        damaged[ProgramFormat.HEADER_SIZE + ProgramFormat.INSTRUCTION_SIZE] = 99;

        try (InitProcess init = InitProcess.start(directory, damaged)) {
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(0, OptionalInt.of(1), Optional.empty(), Errno.EINVAL.number(), 6));
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(directory.resolve("made")).doesNotExist();
        }
    }

    @Test
    void anEmptyProgramIsRefused() throws Exception {
        try (InitProcess init = InitProcess.start(directory, new byte[0])) {
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(0, OptionalInt.empty(), Optional.empty(), Errno.EINVAL.number(), 1));
        }
    }

    @Test
    void theVnfStartsWithCleanSignalsAndDescriptorsAndEnvironment() throws Exception {
        String script = "grep -E '^Sig(Blk|Ign)' /proc/self/status; echo /proc/self/fd/*; env -u PWD -u _ -u SHLVL";
        try (InitProcess init = InitProcess.start(directory, supervised(false, script))) {
            assertThat(init.readLine()).matches("SigBlk:\\s0+");
            assertThat(init.readLine()).matches("SigIgn:\\s0+");
            // The shell expands the pattern: 3 is the directory that it reads.
            assertThat(init.readLine()).isEqualTo("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3");
            assertThat(init.readLine()).isEqualTo("VNF=bng-1");
            assertThat(init.waitFor()).isZero();
        }
    }

    @Test
    void theSupervisorHoldsTheLockAndNothingElse() throws Exception {
        try (InitProcess init = InitProcess.start(directory, supervised(true, "echo ready; read line"))) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).isEmpty();
            List<String> descriptors;
            try (var links = Files.list(Path.of("/proc", Long.toString(init.pid()), "fd"))) {
                descriptors = links.map(link -> link.getFileName().toString()).sorted().toList();
            }
            assertThat(descriptors).as("liveness, lock, signalfd").containsExactly("5", "6", "9");
            init.stdin().close();
            assertThat(init.waitFor()).isEqualTo(1);
        }
    }

    private Program supervised(boolean endsWithJvm, String script) {
        Label vnf = program.label();
        program.cloneChild(0, vnf).superviseVnf(endsWithJvm, Argument.NONE, Argument.NONE);
        return program.bind(vnf).clearSignals().closeFrom(3)
                .exec("/bin/sh", List.of("sh", "-c", script), List.of("VNF=bng-1")).exit(125)
                .build();
    }
}
