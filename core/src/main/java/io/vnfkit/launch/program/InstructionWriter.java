package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The instructions of a program under construction, in their binary form. */
final class InstructionWriter {

    private ByteBuffer bytes = allocate(256 * ProgramFormat.INSTRUCTION_SIZE);
    private int count;

    int count() {
        return count;
    }

    void append(Opcode opcode, int step, int number, Argument... arguments) {
        if (count == ProgramFormat.MAX_INSTRUCTIONS) {
            throw new ProgramException("a launch program has at most " + ProgramFormat.MAX_INSTRUCTIONS
                    + " instructions");
        }
        int at = count * ProgramFormat.INSTRUCTION_SIZE;
        if (at == bytes.capacity()) {
            ByteBuffer larger = allocate(2 * at);
            bytes = larger.put(0, bytes, 0, at);
        }
        bytes.putShort(at + ProgramFormat.INSTRUCTION_OPCODE, (short) opcode.number());
        bytes.putShort(at + ProgramFormat.INSTRUCTION_STEP, (short) step);
        bytes.putShort(at + ProgramFormat.INSTRUCTION_RESULT_SLOT, (short) ProgramFormat.NO_SLOT);
        bytes.putInt(at + ProgramFormat.INSTRUCTION_NUMBER, number);
        for (int i = 0; i < arguments.length; i++) {
            bytes.put(at + ProgramFormat.INSTRUCTION_KINDS + i, ProgramFormat.kindOf(arguments[i]));
            bytes.putLong(at + ProgramFormat.INSTRUCTION_ARGUMENTS + i * Long.BYTES, arguments[i].encoded());
        }
        count++;
    }

    /** Changes an argument of an instruction that is already there: the entry of a child, known only later. */
    void patch(int instruction, int argument, long value) {
        bytes.putLong(instruction * ProgramFormat.INSTRUCTION_SIZE + ProgramFormat.INSTRUCTION_ARGUMENTS
                + argument * Long.BYTES, value);
    }

    Opcode lastOpcode() {
        if (count == 0) {
            throw new ProgramException("there is no instruction yet that a modifier could apply to");
        }
        return Opcode.of(bytes.getShort(last() + ProgramFormat.INSTRUCTION_OPCODE)).orElseThrow();
    }

    void result(Slot slot) {
        int at = last() + ProgramFormat.INSTRUCTION_RESULT_SLOT;
        if ((bytes.getShort(at) & 0xffff) != ProgramFormat.NO_SLOT) {
            throw new ProgramException("the instruction has a result slot already");
        }
        bytes.putShort(at, (short) slot.index());
    }

    void tolerate(int errno) {
        for (int i = 0; i < ProgramFormat.MAX_TOLERATED; i++) {
            int at = last() + ProgramFormat.INSTRUCTION_TOLERATED + i * Short.BYTES;
            if (bytes.getShort(at) == 0) {
                bytes.putShort(at, (short) errno);
                return;
            }
        }
        throw new ProgramException("an instruction tolerates at most " + ProgramFormat.MAX_TOLERATED
                + " error numbers");
    }

    void write(ByteBuffer target, int offset) {
        target.put(offset, bytes, 0, count * ProgramFormat.INSTRUCTION_SIZE);
    }

    private int last() {
        return (count - 1) * ProgramFormat.INSTRUCTION_SIZE;
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
