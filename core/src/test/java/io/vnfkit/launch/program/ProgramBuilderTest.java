package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.Argument.Vector;
import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramBuilderTest {

    private final ProgramBuilder program = new ProgramBuilder(Architecture.X86_64);

    @Test
    void theSmallestProgramIsEncodedByteForByte() {
        byte[] bytes = bytesOf(program.step(3).exit(7).build());

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(String.join("",
                "564e464b", "0100", "4000", "90000000", // magic, version, header, size
                "01000000", "40000000", // instructions
                "00000000", "88000000", "88000000", "08000000", "00000000", // relocations, data, slots
                "000000000000000000000000000000000000000000000000", // reserved
                "0c00", "0300", "ffff", // EXIT, step, no slot
                "000000000000", "00000000", "0000000000000000", // tolerated errors, number, kinds
                "0700000000000000", "0000000000000000".repeat(5),
                "0000000000000000")); // the end of the data
    }

    @Test
    void aSyscallCarriesNumberKindsSlotAndToleratedErrors() {
        Slot fd = program.slot();
        program.syscall(SyscallNumber.OPENAT, Argument.of(-100), program.string("a"), Argument.of(0x80000)).into(fd)
                .tolerating(Errno.ENOENT, Errno.EACCES)
                .syscall(SyscallNumber.CLOSE, fd)
                .exit(0);

        ByteBuffer bytes = ByteBuffer.wrap(bytesOf(program.build())).order(ByteOrder.LITTLE_ENDIAN);
        int open = 64;
        assertThat(bytes.getShort(open)).isEqualTo((short) 1);
        assertThat(bytes.getShort(open + 4)).as("slot").isZero();
        assertThat(bytes.getShort(open + 6)).isEqualTo((short) 2);
        assertThat(bytes.getShort(open + 8)).isEqualTo((short) 13);
        assertThat(bytes.getInt(open + 12)).isEqualTo(257);
        assertThat(bytes.getLong(open + 16)).as("kinds").isEqualTo(0x0100);
        assertThat(bytes.getLong(open + 24)).isEqualTo(-100);
        assertThat(bytes.getLong(open + 32)).as("data offset").isZero();
        assertThat(bytes.get(open + 72 + 16)).isEqualTo((byte) 2);
    }

    @Test
    void syscallNumbersFollowTheArchitecture() {
        Program arm = new ProgramBuilder(Architecture.AARCH64).syscall(SyscallNumber.MOUNT).exit(0).build();

        assertThat(arm.architecture()).isEqualTo(Architecture.AARCH64);
        assertThat(arm.instructions().get(0).number()).isEqualTo(40);
    }

    @Test
    void equalStringsAreKeptOnceAndBuffersNever() {
        assertThat(program.string("/proc")).isEqualTo(program.string("/proc"));
        assertThat(program.data().bytes(new byte[8])).isNotEqualTo(program.data().bytes(new byte[8]));
        assertThat(program.data().buffer(3)).isNotEqualTo(program.data().buffer(3));
    }

    @Test
    void buffersAndVectorsAreAligned() {
        program.string("x");
        Data buffer = program.data().buffer(1);
        Vector vector = program.data().strings(List.of("a", "bc"));

        assertThat(buffer.offset() % 8).isZero();
        assertThat(vector.offset() % 8).isZero();
    }

    @Test
    void aVectorIsRelocatedAndEndsWithANullPointer() {
        Vector vector = program.data().strings(List.of("a", "bc"));
        ProgramReader reader = new ProgramReader(program.exit(0).build().content());

        assertThat(reader.strings(vector)).containsExactly("a", "bc");
        assertThat(reader.bytes(new Data(vector.offset() + 16), 8)).containsOnly(0);
    }

    @Test
    void relocationsAreSortedWhateverTheOrderOfPointers() {
        Data first = program.data().buffer(8);
        Data second = program.data().buffer(8);
        program.data().pointer(second, first);
        program.data().pointer(first, second);

        ByteBuffer bytes = ByteBuffer.wrap(bytesOf(program.exit(0).build())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt(64 + 72)).isEqualTo(first.offset());
        assertThat(bytes.getInt(64 + 76)).isEqualTo(second.offset());
    }

    @Test
    void aWordCannotBeTwoPointers() {
        Data word = program.data().buffer(8);
        program.data().pointer(word, word);
        program.data().pointer(word, word);
        program.exit(0);

        assertThatThrownBy(program::build).isInstanceOf(ProgramException.class).hasMessageContaining("two pointers");
    }

    @Test
    void aPointerMustBeAnAlignedWordInsideTheData() {
        Data buffer = program.data().buffer(16);

        assertRefused(() -> program.data().pointer(buffer.plus(4), buffer), "multiple of 8");
        assertRefused(() -> program.data().pointer(buffer.plus(16), buffer), "multiple of 8 below 16");
        assertRefused(() -> program.data().pointer(buffer, buffer.plus(16)), "the data has 16 bytes");
    }

    @Test
    void stringsThatTheKernelCannotSeeWholeAreRefused() {
        assertRefused(() -> program.string("/etc\0/passwd"), "NUL character at index 4");
        assertRefused(() -> program.string("x\ud800"), "half a surrogate pair at index 1");
        assertRefused(() -> program.string("\udc00"), "half a surrogate pair at index 0");
        assertThat(program.string("\ud83d\ude00")).isNotNull();
    }

    @Test
    void thereAreAtMost256Slots() {
        for (int i = 0; i < 256; i++) {
            assertThat(program.slot().index()).isEqualTo(i);
        }
        assertRefused(program::slot, "at most 256 slots");
    }

    @Test
    void thereAreAtMost65535Instructions() {
        for (int i = 0; i < 65535; i++) {
            program.clearSignals();
        }
        assertRefused(program::clearSignals, "at most 65535 instructions");
    }

    @Test
    void theDataIsLimited() {
        program.data().bytes(new byte[16 << 20]);

        assertRefused(() -> program.data().buffer(1), "more than 16777216 bytes");
        program.exit(0);
        assertRefused(program::build, "at most 16777216");
    }

    @Test
    void aSlotIsReadOnlyAfterItWasWritten() {
        Slot slot = program.slot();

        assertRefused(() -> program.syscall(SyscallNumber.CLOSE, slot), "slot 0 is read before");
        assertRefused(() -> program.clearSignals().into(slot), "CLEAR_SIGNALS has no result");
        assertRefused(() -> program.syscall(SyscallNumber.GETPID).into(new Slot(1)), "not one of this builder");
    }

    @Test
    void aChildReadsWhatItsParentWroteBeforeTheClone() {
        Slot before = program.slot();
        Slot pid = program.slot();
        Label child = program.label();
        program.syscall(SyscallNumber.GETPID).into(before).cloneChild(0, child).into(pid).report(pid).exit(0);
        program.bind(child).report(before);

        assertRefused(() -> program.report(pid), "slot 1 is read before");
    }

    @Test
    void sectionsFollowEachOther() {
        Label child = program.label();

        assertRefused(() -> program.bind(child), "directly after the section");
        assertRefused(program::awaitChild, "has not cloned a child");
        assertRefused(program::barrier, "has no parent");
        assertRefused(() -> program.superviseVnf(true, Argument.NONE, Argument.NONE), "has not cloned a child");
        program.cloneChild(0, child);
        assertRefused(() -> program.cloneChild(0, program.label()), "second clone");
        assertRefused(program::superviseAsFirstProcess, "in the first section");
        program.exit(0);
        assertRefused(program::clearSignals, "bind the label");
        assertRefused(program::build, "not bound");
        program.bind(child).clearSignals();
        assertRefused(program::build, "does not end");
        program.exit(0);
        assertRefused(program::clearSignals, "nothing can follow");
        assertThat(program.build().instructions()).hasSize(4);
        assertRefused(program::build, "built already");
    }

    @Test
    void parentAndChildMeetAsOftenAsEachExpects() {
        Label child = program.label();
        program.cloneChild(0, child);
        assertRefused(program::releaseChild, "without AWAIT_CHILD");
    }

    @Test
    void aChildThatNobodyReleasesIsRefused() {
        program.cloneChild(0, program.label()).awaitChild();

        assertRefused(() -> program.exit(0), "awaited 1 times and released 0 times");
    }

    @Test
    void aBarrierThatNobodyAwaitsIsRefused() {
        Label child = program.label();
        program.cloneChild(0, child).exit(0).bind(child).barrier();

        assertRefused(() -> program.exit(0), "1 barriers, its parent awaits 0");
    }

    @Test
    void theEntryOfTheChildIsPatchedIntoTheClone() {
        Label child = program.label();
        program.clearSignals().cloneChild(0x20000000L, child).exit(0).bind(child).exit(1);

        assertThat(program.build().instructions().get(1).arguments())
                .containsExactly(Argument.of(0x20000000L), Argument.ZERO, Argument.of(3));
    }

    @Test
    void valuesOutsideTheirRangeAreRefused() {
        Data word = program.data().buffer(8);

        assertRefused(() -> program.step(65536), "step 65536");
        assertRefused(() -> program.exit(256), "exit status 256");
        assertRefused(() -> program.closeFrom(2), "stdio");
        assertRefused(() -> program.load(word, 2), "a word of 2 bytes");
        assertRefused(() -> program.formatDecimal(Argument.ZERO, word, 21), "width 21");
        assertRefused(() -> program.load(word.plus(1), 8), "8 bytes at data offset 1");
        assertRefused(() -> program.store32(Argument.ZERO, new Data(-1)), "data offset -1");
        assertRefused(() -> program.netlink(Argument.ZERO, word, 8), "netlink message of 8 bytes");
        assertRefused(() -> program.data().buffer(0), "0 bytes");
        assertRefused(() -> program.syscall(SyscallNumber.MOUNT, new Argument[7]), "at most 6");
        assertRefused(() -> program.expect(word, 8, 1, Argument.ZERO, Errno.UNKNOWN), "UNKNOWN");
    }

    @Test
    void modifiersNeedAnInstructionThatTakesThem() {
        assertRefused(() -> program.tolerating(Errno.EINVAL), "no instruction yet");
        program.clearSignals();
        assertRefused(() -> program.tolerating(Errno.EINVAL), "CLEAR_SIGNALS has no tolerated errors");
        program.syscall(SyscallNumber.GETPID);
        assertRefused(() -> program.tolerating(Errno.UNKNOWN), "UNKNOWN");
        assertRefused(() -> program.tolerating(Errno.EPERM, Errno.EACCES, Errno.ENOENT, Errno.EINVAL), "at most 3");
        Slot slot = program.slot();
        program.into(slot);
        assertRefused(() -> program.into(slot), "a result slot already");
    }

    static byte[] bytesOf(Program program) {
        return InitProcess.bytesOf(program);
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(ProgramException.class).hasMessageContaining(message);
    }
}
