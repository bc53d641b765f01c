package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final int REPORT_MAGIC = 0x52464e56;
    private static final int EXIT_MAGIC = 0x58464e56;

    @Test
    void recordsAreDecodedInOrder() {
        ByteBuffer pipe = little(64);
        putReport(pipe, REPORT_MAGIC, 1, 4, 9, 0, 10, 4711);
        putReport(pipe, REPORT_MAGIC, 2, 5, 12, 2, 1, 0);

        assertThat(Report.parseAll(pipe.flip())).containsExactly(
                new Report.Started(4, 4711),
                new Report.Failed(5, OptionalInt.of(12), Optional.of(Opcode.SYSCALL), 2, 0));
    }

    @Test
    void aFailureBeforeTheFirstInstructionHasNoInstruction() {
        ByteBuffer pipe = little(32);
        putReport(pipe, REPORT_MAGIC, 2, 0, -1, 9, 0, 5);

        Report.Failed failed = (Report.Failed) Report.parse(pipe.flip());
        assertThat(failed).isEqualTo(new Report.Failed(0, OptionalInt.empty(), Optional.empty(), 9, 5));
        assertThat(failed.error()).isEqualTo(Errno.EBADF);
    }

    @Test
    void otherBytesAreRefused() {
        ByteBuffer wrongKind = little(32);
        putReport(wrongKind, REPORT_MAGIC, 3, 0, 0, 0, 0, 0);

        assertThatThrownBy(() -> Report.parse(wrongKind.flip()))
                .isInstanceOf(ProgramException.class).hasMessageContaining("unknown kind 3");
        assertThatThrownBy(() -> Report.parse(little(32)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("magic 00000000");
        assertThatThrownBy(() -> Report.parseAll(little(31)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("31 bytes");
    }

    @Test
    void anExitRecordTellsCodeAndSignal() {
        assertThat(ExitRecord.parse(exitRecord(EXIT_MAGIC, 7, 7 << 8))).hasValueSatisfying(record -> {
            assertThat(record.code()).isEqualTo(7);
            assertThat(record.signal()).isEmpty();
        });
        assertThat(ExitRecord.parse(exitRecord(EXIT_MAGIC, 139, 11 | 0x80))).hasValueSatisfying(
                record -> assertThat(record.signal()).as("with the core dump bit").hasValue(11));
    }

    @Test
    void aVnfThatRunsHasNoExitRecord() {
        assertThat(ExitRecord.parse(little(0))).isEmpty();
        assertThat(ExitRecord.parse(little(64))).isEmpty();
    }

    @Test
    void otherBytesAreNoExitRecord() {
        assertThatThrownBy(() -> ExitRecord.parse(exitRecord(1, 0, 0)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("00000001");
        assertThatThrownBy(() -> ExitRecord.parse(little(15)))
                .isInstanceOf(ProgramException.class).hasMessageContaining("15 bytes");
    }

    private static ByteBuffer exitRecord(int magic, int code, int status) {
        return little(16).putInt(magic).putInt(code).putInt(status).putInt(0).flip();
    }

    private static void putReport(
            ByteBuffer pipe, int magic, int kind, int step, int instruction, int errno, int opcode, long value) {
        pipe.putInt(magic).putInt(kind).putInt(step).putInt(instruction).putInt(errno).putInt(opcode).putLong(value);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
