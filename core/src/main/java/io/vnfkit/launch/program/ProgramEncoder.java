package io.vnfkit.launch.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts the parts of a program together in the order that {@code abi.h} fixes: header, instructions, relocations, data.
 */
final class ProgramEncoder {

    private ProgramEncoder() {}

    static byte[] encode(InstructionWriter instructions, ProgramData data, int slots) {
        int relocationOffset = ProgramFormat.HEADER_SIZE + instructions.count() * ProgramFormat.INSTRUCTION_SIZE;
        int dataOffset = (relocationOffset + data.relocationCount() * Integer.BYTES + 7) & -8;
        int size = dataOffset + data.finishedSize();
        if (size > ProgramFormat.MAX_SIZE) {
            throw new ProgramException("a launch program of " + size + " bytes: at most " + ProgramFormat.MAX_SIZE
                    + " are allowed");
        }
        ByteBuffer target = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        target.putInt(ProgramFormat.HEADER_MAGIC, ProgramFormat.MAGIC);
        target.putShort(ProgramFormat.HEADER_VERSION, (short) ProgramFormat.VERSION);
        target.putShort(ProgramFormat.HEADER_HEADER_SIZE, (short) ProgramFormat.HEADER_SIZE);
        target.putInt(ProgramFormat.HEADER_TOTAL_SIZE, size);
        target.putInt(ProgramFormat.HEADER_INSTRUCTION_COUNT, instructions.count());
        target.putInt(ProgramFormat.HEADER_INSTRUCTION_OFFSET, ProgramFormat.HEADER_SIZE);
        target.putInt(ProgramFormat.HEADER_RELOCATION_COUNT, data.relocationCount());
        target.putInt(ProgramFormat.HEADER_RELOCATION_OFFSET, relocationOffset);
        target.putInt(ProgramFormat.HEADER_DATA_OFFSET, dataOffset);
        target.putInt(ProgramFormat.HEADER_DATA_SIZE, data.finishedSize());
        target.putInt(ProgramFormat.HEADER_SLOT_COUNT, slots);
        instructions.write(target, ProgramFormat.HEADER_SIZE);
        data.write(target, relocationOffset, dataOffset);
        return target.array();
    }
}
