package io.vnfkit.cgroup;

import java.nio.ByteBuffer;

/**
 * One eBPF instruction ({@code struct bpf_insn} in include/uapi/linux/bpf.h), of those that device programs need.
 *
 * @param code operation
 * @param destination register that is written or compared
 * @param source register that is read
 * @param offset of memory, or of a jump in instructions from the next one
 * @param immediate constant
 */
record BpfInstruction(int code, int destination, int source, int offset, int immediate) {

    static final int SIZE = 8;

    /** BPF_LDX | BPF_MEM | BPF_W. */
    static final int LOAD_WORD = 0x61;
    /** BPF_ALU64 | BPF_MOV | BPF_X. */
    static final int MOVE = 0xbf;
    /** BPF_ALU64 | BPF_MOV | BPF_K. */
    static final int SET = 0xb7;
    /** BPF_ALU64 | BPF_AND | BPF_K. */
    static final int AND = 0x57;
    /** BPF_ALU64 | BPF_RSH | BPF_K. */
    static final int SHIFT_RIGHT = 0x77;
    /** BPF_JMP | BPF_JNE | BPF_K. */
    static final int JUMP_IF_NOT = 0x55;
    /** BPF_JMP | BPF_JEQ | BPF_K. */
    static final int JUMP_IF = 0x15;
    /** BPF_JMP | BPF_JNE | BPF_X. */
    static final int JUMP_IF_DIFFERENT = 0x5d;
    /** BPF_JMP | BPF_EXIT. */
    static final int EXIT = 0x95;

    static BpfInstruction loadWord(int register, int contextRegister, int offset) {
        return new BpfInstruction(LOAD_WORD, register, contextRegister, offset, 0);
    }

    static BpfInstruction move(int register, int from) {
        return new BpfInstruction(MOVE, register, from, 0, 0);
    }

    static BpfInstruction set(int register, int value) {
        return new BpfInstruction(SET, register, 0, 0, value);
    }

    static BpfInstruction and(int register, int mask) {
        return new BpfInstruction(AND, register, 0, 0, mask);
    }

    static BpfInstruction shiftRight(int register, int bits) {
        return new BpfInstruction(SHIFT_RIGHT, register, 0, 0, bits);
    }

    /** A jump whose target is not known yet. */
    static BpfInstruction jumpIfNot(int register, int value) {
        return new BpfInstruction(JUMP_IF_NOT, register, 0, 0, value);
    }

    /** A jump whose target is not known yet. */
    static BpfInstruction jumpIf(int register, int value) {
        return new BpfInstruction(JUMP_IF, register, 0, 0, value);
    }

    /** A jump whose target is not known yet. */
    static BpfInstruction jumpIfDifferent(int register, int other) {
        return new BpfInstruction(JUMP_IF_DIFFERENT, register, other, 0, 0);
    }

    static BpfInstruction exit() {
        return new BpfInstruction(EXIT, 0, 0, 0, 0);
    }

    boolean isJump() {
        return code == JUMP_IF || code == JUMP_IF_NOT || code == JUMP_IF_DIFFERENT;
    }

    BpfInstruction jumpingBy(int instructions) {
        return new BpfInstruction(code, destination, source, instructions, immediate);
    }

    /**
     * Appends the instruction. The order of the register nibbles is that of little-endian machines, as are all we run
     * on.
     */
    void encode(ByteBuffer target) {
        target.put((byte) code).put((byte) (source << 4 | destination)).putShort((short) offset).putInt(immediate);
    }
}
