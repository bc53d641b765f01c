package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Immediate;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.Argument.Vector;
import io.vnfkit.linux.Errno;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Writes a program as text, syscalls in the style of strace(1). */
final class Disassembler {

    private static final int LONGEST_STRING = 120;

    private final Architecture architecture;
    private final ProgramReader reader;

    private Disassembler(Architecture architecture, ProgramReader reader) {
        this.architecture = architecture;
        this.reader = reader;
    }

    static String disassemble(Architecture architecture, ProgramReader reader) {
        return new Disassembler(architecture, reader).text();
    }

    private String text() {
        List<Instruction> instructions = reader.instructions();
        StringBuilder text = new StringBuilder();
        text.append(String.format("launch program for %s: %d instructions, %d slots, %d bytes of data%n",
                architecture.kernelName(), instructions.size(), reader.slotCount(), reader.dataSize()));
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            text.append(String.format("%5d  step %-3d  %s%n", i, instruction.step(), line(instruction)));
        }
        return text.toString();
    }

    private String line(Instruction instruction) {
        StringJoiner arguments = new StringJoiner(", ", name(instruction) + "(", ")");
        for (Argument argument : withoutTrailingZeros(instruction)) {
            arguments.add(describe(argument));
        }
        String line = arguments.toString();
        if (instruction.result().isPresent()) {
            line += " -> s" + instruction.result().getAsInt();
        }
        for (int error : instruction.tolerated()) {
            line += " | " + (error == ProgramFormat.ANY_ERRNO ? "any error" : Errno.of(error) + " (" + error + ")");
        }
        return line;
    }

    private static List<Argument> withoutTrailingZeros(Instruction instruction) {
        List<Argument> arguments = instruction.arguments();
        int count = arguments.size();
        if (instruction.opcode() == Opcode.SYSCALL) {
            while (count > 0 && arguments.get(count - 1).equals(Argument.ZERO)) {
                count--;
            }
        }
        return arguments.subList(0, count);
    }

    private String name(Instruction instruction) {
        if (instruction.opcode() != Opcode.SYSCALL) {
            return instruction.opcode().name();
        }
        for (SyscallNumber call : SyscallNumber.values()) {
            if (call.on(architecture) == instruction.number()) {
                return call.manualName();
            }
        }
        return "syscall_" + instruction.number();
    }

    private String describe(Argument argument) {
        if (argument instanceof Immediate immediate) {
            long value = immediate.value();
            return value > 9 ? "0x" + Long.toHexString(value) : Long.toString(value);
        }
        if (argument instanceof Slot slot) {
            return "s" + slot.index();
        }
        if (argument instanceof Vector vector) {
            return describe(vector);
        }
        return describe((Data) argument);
    }

    private String describe(Vector vector) {
        StringJoiner strings = new StringJoiner(", ", "[", "]");
        for (String string : reader.strings(vector)) {
            strings.add(quote(string));
        }
        return strings.toString();
    }

    private String describe(Data data) {
        String string = reader.string(data);
        boolean printable = !string.isEmpty()
                && string.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xfffd);
        return printable ? quote(string) : String.format(Locale.ROOT, "data+0x%x", data.offset());
    }

    private static String quote(String string) {
        return string.length() <= LONGEST_STRING ? '"' + string + '"' : '"' + string.substring(0, LONGEST_STRING)
                + "\"...";
    }
}
