package io.vnfkit.cgroup;

import java.util.List;

/** Runs the few instructions that device programs consist of, on a context of three words. */
final class BpfMachine {

    private static final int REGISTERS = 6;
    private static final int CONTEXT = 1;

    private BpfMachine() {}

    /** The value of register 0 at the end. */
    static long run(List<BpfInstruction> program, int... context) {
        long[] registers = new long[REGISTERS];
        boolean contextIntact = true;
        for (int at = 0; at < program.size(); at++) {
            BpfInstruction instruction = program.get(at);
            int destination = instruction.destination();
            switch (instruction.code()) {
                case BpfInstruction.LOAD_WORD -> {
                    require(contextIntact && instruction.source() == CONTEXT, "a load from the context");
                    registers[destination] = Integer.toUnsignedLong(context[instruction.offset() / 4]);
                }
                case BpfInstruction.MOVE -> registers[destination] = registers[instruction.source()];
                case BpfInstruction.SET -> registers[destination] = instruction.immediate();
                case BpfInstruction.AND -> registers[destination] &= instruction.immediate();
                case BpfInstruction.SHIFT_RIGHT -> registers[destination] >>>= instruction.immediate();
                case BpfInstruction.JUMP_IF ->
                        at += registers[destination] == instruction.immediate() ? instruction.offset() : 0;
                case BpfInstruction.JUMP_IF_NOT ->
                        at += registers[destination] != instruction.immediate() ? instruction.offset() : 0;
                case BpfInstruction.JUMP_IF_DIFFERENT ->
                        at += registers[destination] != registers[instruction.source()] ? instruction.offset() : 0;
                case BpfInstruction.EXIT -> {
                    return registers[0];
                }
                default -> throw new AssertionError("unknown instruction " + instruction);
            }
            contextIntact &= destination != CONTEXT || instruction.isJump();
        }
        throw new AssertionError("the program runs past its end");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not " + what);
        }
    }
}
