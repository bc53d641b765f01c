package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramReaderTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsEncodedIsDecoded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ProgramBuilder program = new ProgramBuilder(Architecture.X86_64);
        List<Instruction> expected = new ArrayList<>();
        Slot slot = program.slot();
        expected.add(appendSyscall(program, random, slot, List.of()));
        for (int i = random.nextInt(100); i > 0; i--) {
            expected.add(appendSyscall(program, random, slot, List.of(slot)));
        }
        program.exit(0);

        List<Instruction> decoded = program.build().instructions();
        assertThat(decoded.subList(0, expected.size())).isEqualTo(expected);
    }

    private static Instruction appendSyscall(
            ProgramBuilder program, SplittableRandom random, Slot result, List<Slot> readable) {
        SyscallNumber call = SyscallNumber.values()[random.nextInt(SyscallNumber.values().length)];
        int step = random.nextInt(65536);
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            arguments.add(randomArgument(program, random, readable));
        }
        program.step(step).syscall(call, arguments.toArray(Argument[]::new)).into(result);
        List<Integer> tolerated = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Errno errno = Errno.values()[random.nextInt(Errno.values().length - 1)];
            program.tolerating(errno);
            tolerated.add(errno.number());
        }
        return new Instruction(Opcode.SYSCALL, step, OptionalInt.of(result.index()), tolerated,
                call.on(Architecture.X86_64), arguments);
    }

    private static Argument randomArgument(ProgramBuilder program, SplittableRandom random, List<Slot> readable) {
        switch (random.nextInt(4)) {
            case 0:
                return program.string("s" + random.nextInt(50));
            case 1:
                return program.data().strings(List.of("a", "b" + random.nextInt(50)));
            case 2:
                return readable.isEmpty() ? Argument.ZERO : readable.get(0);
            default:
                return Argument.of(random.nextLong());
        }
    }

    /** The same for the opposite: bytes that are no program give a clear error, never another one. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damagedBytesAreDecodedOrRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = InitProcess.bytesOf(example());
        for (int i = random.nextInt(6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;

        String text;
        try {
            ProgramReader reader = new ProgramReader(ByteBuffer.wrap(bytes, 0, length));
            text = Disassembler.disassemble(Architecture.X86_64, reader);
        } catch (ProgramException e) {
            text = e.getMessage();
        }
        assertThat(text).isNotBlank();
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @Test
    void otherFilesAreRefused() {
        assertThatThrownBy(() -> new ProgramReader(ByteBuffer.allocate(10)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("10 bytes");
        assertThatThrownBy(() -> new ProgramReader(ByteBuffer.allocate(100)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("magic 00000000");
    }

    @Test
    void aProgramPrintsAsAListing() {
        assertThat(example().toString()).isEqualToNormalizingNewlines("""
                launch program for x86_64: 7 instructions, 2 slots, 80 bytes of data
                    0  step 1    openat(-100, "/srv/vnf", 0x200000) -> s0 | ENOENT (2)
                    1  step 1    CLONE(0x20000000, 0, 3) -> s1
                    2  step 2    SUPERVISE(0, 1, -1, -1)
                    3  step 3    fstatfs(s0, data+0x10) | any error
                    4  step 3    EXPECT(data+0x10, -1, 0x1021994, 0x16, 4)
                    5  step 4    execve("/srv/vnf", ["vnf", "-l"], [])
                    6  step 4    EXIT(0x7d)
                """);
    }

    private static Program example() {
        ProgramBuilder program = new ProgramBuilder(Architecture.X86_64);
        Slot root = program.slot();
        Slot pid = program.slot();
        Label vnf = program.label();
        program.step(1)
                .syscall(SyscallNumber.OPENAT, Argument.of(-100), program.string("/srv/vnf"), Argument.of(0x200000))
                .into(root).tolerating(Errno.ENOENT)
                .cloneChild(0x20000000, vnf).into(pid)
                .step(2).superviseVnf(true, Argument.NONE, Argument.NONE);
        Data statfs = program.data().buffer(16);
        program.bind(vnf).step(3).syscall(SyscallNumber.FSTATFS, root, statfs).toleratingAll()
                .expect(statfs, 4, -1, Argument.of(0x01021994), Errno.EINVAL)
                .step(4).exec("/srv/vnf", List.of("vnf", "-l"), List.of()).exit(125);
        return program.build();
    }

    @Test
    void aProgramKnowsTheStepOfEachInstruction() {
        assertThat(example().stepOf(3)).isEqualTo(3);
        assertThatThrownBy(() -> example().stepOf(7)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
