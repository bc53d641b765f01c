package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Immediate;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.Argument.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Decodes the bytes of a launch program: for tests, for {@link Program#toString}, and for looking at a program that an
 * init refused. It checks what it needs to read, not all that the init checks. Not thread-safe.
 */
public final class ProgramReader {

    private final ByteBuffer bytes;
    private final int instructionCount;
    private final int dataOffset;
    private final int dataSize;
    private final int relocationOffset;
    private final int relocationCount;

    /**
     * Reads the header.
     *
     * @param content the program, from position to limit; the position stays
     * @throws ProgramException if it is no launch program, of another version, or cut off
     */
    public ProgramReader(ByteBuffer content) {
        bytes = content.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < ProgramFormat.HEADER_SIZE) {
            throw new ProgramException(bytes.limit() + " bytes are no launch program: its header has "
                    + ProgramFormat.HEADER_SIZE);
        }
        int magic = bytes.getInt(ProgramFormat.HEADER_MAGIC);
        int version = bytes.getShort(ProgramFormat.HEADER_VERSION);
        if (magic != ProgramFormat.MAGIC || version != ProgramFormat.VERSION) {
            throw new ProgramException(String.format(
                    "magic %08x, version %d: expected is a launch program, %08x, version %d",
                    magic, version, ProgramFormat.MAGIC, ProgramFormat.VERSION));
        }
        instructionCount = bytes.getInt(ProgramFormat.HEADER_INSTRUCTION_COUNT);
        dataOffset = bytes.getInt(ProgramFormat.HEADER_DATA_OFFSET);
        dataSize = bytes.getInt(ProgramFormat.HEADER_DATA_SIZE);
        relocationOffset = bytes.getInt(ProgramFormat.HEADER_RELOCATION_OFFSET);
        relocationCount = bytes.getInt(ProgramFormat.HEADER_RELOCATION_COUNT);
        requirePart("instructions", ProgramFormat.HEADER_SIZE,
                (long) instructionCount * ProgramFormat.INSTRUCTION_SIZE);
        requirePart("relocations", relocationOffset, (long) relocationCount * Integer.BYTES);
        requirePart("data", dataOffset, dataSize);
    }

    private void requirePart(String name, long offset, long size) {
        if (offset < 0 || size < 0 || offset + size > bytes.limit()) {
            throw new ProgramException("the " + name + " of the launch program, " + size + " bytes at " + offset
                    + ", are outside its " + bytes.limit() + " bytes");
        }
    }

    /**
     * All instructions.
     *
     * @return in order
     * @throws ProgramException if one cannot be decoded
     */
    public List<Instruction> instructions() {
        List<Instruction> instructions = new ArrayList<>(instructionCount);
        for (int i = 0; i < instructionCount; i++) {
            instructions.add(instruction(i));
        }
        return instructions;
    }

    private Instruction instruction(int index) {
        int at = ProgramFormat.HEADER_SIZE + index * ProgramFormat.INSTRUCTION_SIZE;
        int number = unsigned(at + ProgramFormat.INSTRUCTION_OPCODE);
        Opcode opcode = Opcode.of(number)
                .orElseThrow(() -> new ProgramException("instruction " + index + " has the unknown opcode " + number));
        int slot = unsigned(at + ProgramFormat.INSTRUCTION_RESULT_SLOT);
        List<Argument> arguments = new ArrayList<>(opcode.arity());
        for (int i = 0; i < opcode.arity(); i++) {
            arguments.add(argument(index, at, i));
        }
        return new Instruction(
                opcode,
                unsigned(at + ProgramFormat.INSTRUCTION_STEP),
                slot == ProgramFormat.NO_SLOT ? OptionalInt.empty() : OptionalInt.of(slot),
                tolerated(at),
                bytes.getInt(at + ProgramFormat.INSTRUCTION_NUMBER),
                arguments);
    }

    private List<Integer> tolerated(int at) {
        List<Integer> errors = new ArrayList<>();
        for (int i = 0; i < ProgramFormat.MAX_TOLERATED; i++) {
            int error = unsigned(at + ProgramFormat.INSTRUCTION_TOLERATED + i * Short.BYTES);
            if (error != 0) {
                errors.add(error);
            }
        }
        return errors;
    }

    private Argument argument(int index, int at, int i) {
        byte kind = bytes.get(at + ProgramFormat.INSTRUCTION_KINDS + i);
        long value = bytes.getLong(at + ProgramFormat.INSTRUCTION_ARGUMENTS + i * Long.BYTES);
        return switch (kind) {
            case ProgramFormat.KIND_IMMEDIATE -> new Immediate(value);
            case ProgramFormat.KIND_DATA -> new Data(requireOffset(value));
            case ProgramFormat.KIND_SLOT -> new Slot((int) value);
            case ProgramFormat.KIND_VECTOR -> new Vector(requireOffset(value));
            default -> throw new ProgramException("instruction " + index + " has an argument of the unknown kind "
                    + kind);
        };
    }

    private int requireOffset(long offset) {
        if (offset < 0 || offset >= dataSize) {
            throw new ProgramException("a pointer to data offset " + offset + " of " + dataSize + " bytes");
        }
        return (int) offset;
    }

    /**
     * A string in the data.
     *
     * @param data its first byte
     * @return the text up to the next NUL byte
     */
    public String string(Data data) {
        int end = data.offset();
        while (end < dataSize && bytes.get(dataOffset + end) != 0) {
            end++;
        }
        return new String(bytes(data, end - data.offset()), StandardCharsets.UTF_8);
    }

    /**
     * The strings of argv or envp, before relocation.
     *
     * @param vector the array
     * @return the strings up to the null pointer
     */
    public List<String> strings(Vector vector) {
        List<String> strings = new ArrayList<>();
        for (int at = vector.offset(); at + Long.BYTES <= dataSize && isRelocated(at); at += Long.BYTES) {
            strings.add(string(new Data(requireOffset(bytes.getLong(dataOffset + at)))));
        }
        return strings;
    }

    /**
     * Bytes of the data.
     *
     * @param data the first
     * @param length how many
     * @return a copy
     */
    public byte[] bytes(Data data, int length) {
        byte[] copy = new byte[length];
        bytes.get(dataOffset + data.offset(), copy);
        return copy;
    }

    /**
     * The size of the data, padding included.
     *
     * @return bytes
     */
    public int dataSize() {
        return dataSize;
    }

    /**
     * The number of slots.
     *
     * @return 0 to 256
     */
    public int slotCount() {
        return bytes.getInt(ProgramFormat.HEADER_SLOT_COUNT);
    }

    private boolean isRelocated(int offset) {
        int low = 0;
        int high = relocationCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int candidate = bytes.getInt(relocationOffset + middle * Integer.BYTES);
            if (candidate == offset) {
                return true;
            }
            if (candidate < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    private int unsigned(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }
}
