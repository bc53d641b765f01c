package io.vnfkit.launch.program;

import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the init tells the JVM through the report pipe, in records of 32 bytes ({@code struct report_record} of
 * {@code abi.h}).
 *
 * <p>Read to the end of the pipe: it ends when the VNF's program is executing, or everything has failed. {@link Failed}
 * may follow {@link Started}. An end without {@link Failed} means that the VNF was executed, or was killed on its way
 * there: its {@link ExitRecord} tells.
 */
public sealed interface Report {

    /** Size of a record, in bytes. Each is written at once and never mixed with another. */
    int SIZE = 32;

    /**
     * {@link Opcode#REPORT} was executed.
     *
     * @param step the plan step
     * @param value its argument, usually the VNF's process id on the host
     */
    record Started(int step, long value) implements Report {}

    /**
     * A process of the launch could not go on; it has ended, its child too.
     *
     * @param step the plan step; meaningless without an instruction
     * @param instruction index of the instruction; empty if it happened before the first: a missing descriptor or a
     *     damaged program
     * @param opcode what the instruction does; empty without an instruction, or for an opcode that the init does not
     *     know
     * @param errno the error number
     * @param value the actual value of {@link Opcode#EXPECT}; the wait status of a child that ended, of the parent's
     *     opcodes; what is damaged ({@code enum damage} of {@code program.h}) with EINVAL before the first instruction
     *     was executed
     */
    record Failed(int step, OptionalInt instruction, Optional<Opcode> opcode, int errno, long value) implements Report {

        /**
         * The error as a constant.
         *
         * @return {@link Errno#UNKNOWN} if it has no name
         */
        public Errno error() {
            return Errno.of(errno);
        }
    }

    /**
     * Decodes one record.
     *
     * @param record from its position, which advances by {@link #SIZE}
     * @return the report
     * @throws ProgramException if these bytes are no record
     */
    static Report parse(ByteBuffer record) {
        if (record.remaining() < SIZE) {
            throw new ProgramException(record.remaining() + " bytes on the report pipe are no record: it has " + SIZE);
        }
        ByteBuffer fields = record.slice(record.position(), SIZE).order(ByteOrder.LITTLE_ENDIAN);
        record.position(record.position() + SIZE);
        int magic = fields.getInt(0);
        if (magic != 0x52464e56) {
            throw new ProgramException(String.format("a record on the report pipe has the magic %08x", magic));
        }
        int kind = fields.getInt(4);
        int step = fields.getInt(8);
        long value = fields.getLong(24);
        return switch (kind) {
            case 1 -> new Started(step, value);
            case 2 -> new Failed(step, instruction(fields.getInt(12)), Opcode.of(fields.getInt(20)),
                    fields.getInt(16), value);
            default -> throw new ProgramException("a record on the report pipe has the unknown kind " + kind);
        };
    }

    private static OptionalInt instruction(int index) {
        return index == -1 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /**
     * Decodes everything that came through the pipe.
     *
     * @param records from position to limit
     * @return the reports, in order
     * @throws ProgramException if these bytes are no records
     */
    static List<Report> parseAll(ByteBuffer records) {
        List<Report> reports = new ArrayList<>();
        while (records.hasRemaining()) {
            reports.add(parse(records));
        }
        return reports;
    }
}
