package io.vnfkit.launch.program;

import java.util.List;
import java.util.OptionalInt;

/**
 * One decoded instruction of a launch program.
 *
 * @param opcode what it does
 * @param step index of the plan step that it belongs to
 * @param result index of the slot that gets the result
 * @param tolerated error numbers that count as success; 0xffff stands for all
 * @param number the syscall's number on the program's architecture; 0 for other opcodes
 * @param arguments as many as the opcode has
 */
public record Instruction(
        Opcode opcode, int step, OptionalInt result, List<Integer> tolerated, int number, List<Argument> arguments) {

    /**
     * Copies the lists.
     *
     * @param opcode what it does
     * @param step index of the plan step
     * @param result index of the slot
     * @param tolerated error numbers
     * @param number the syscall's number
     * @param arguments the arguments
     */
    public Instruction {
        tolerated = List.copyOf(tolerated);
        arguments = List.copyOf(arguments);
    }
}
