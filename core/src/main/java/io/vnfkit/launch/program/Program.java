package io.vnfkit.launch.program;

import java.nio.ByteBuffer;
import java.util.List;

/** A finished launch program. Immutable and thread-safe: one program may be launched any number of times. */
public final class Program {

    private final Architecture architecture;
    private final byte[] bytes;

    Program(Architecture architecture, byte[] bytes) {
        this.architecture = architecture;
        this.bytes = bytes;
    }

    /**
     * Where the program can run.
     *
     * @return the architecture that its syscall numbers are for
     */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * The file that the init maps as descriptor 3.
     *
     * @return a read-only view, positioned at the start
     */
    public ByteBuffer content() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Size of the file.
     *
     * @return bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * The plan step that an instruction belongs to.
     *
     * @param instruction its index
     * @return the index of the step
     * @throws IndexOutOfBoundsException if there is no such instruction
     */
    public int stepOf(int instruction) {
        return instructions().get(instruction).step();
    }

    /**
     * The instructions, decoded.
     *
     * @return all, in order
     */
    public List<Instruction> instructions() {
        return new ProgramReader(content()).instructions();
    }

    /**
     * The program as text, one instruction per line, for a person who looks for a defect.
     *
     * @return several lines
     */
    @Override
    public String toString() {
        return Disassembler.disassemble(architecture, new ProgramReader(content()));
    }
}
