package io.vnfkit.launch.program;

/** Numbers of the binary contract with the init: {@code abi.h} is the other side. Little endian, offsets in bytes. */
final class ProgramFormat {

    static final int MAGIC = 0x4b464e56;
    static final int VERSION = 1;
    static final int MAX_SIZE = 16 << 20;
    static final int MAX_INSTRUCTIONS = 65535;
    static final int MAX_SLOTS = 256;
    static final int MAX_STEP = 65535;
    static final int MAX_DECIMAL_WIDTH = 20;
    static final int FIRST_AFTER_STDIO = 3;
    static final int NETLINK_HEADER_SIZE = 16;
    static final int MAX_TOLERATED = 3;
    static final int NO_SLOT = 0xffff;
    static final int ANY_ERRNO = 0xffff;

    static final int HEADER_SIZE = 64;
    static final int HEADER_MAGIC = 0;
    static final int HEADER_VERSION = 4;
    static final int HEADER_HEADER_SIZE = 6;
    static final int HEADER_TOTAL_SIZE = 8;
    static final int HEADER_INSTRUCTION_COUNT = 12;
    static final int HEADER_INSTRUCTION_OFFSET = 16;
    static final int HEADER_RELOCATION_COUNT = 20;
    static final int HEADER_RELOCATION_OFFSET = 24;
    static final int HEADER_DATA_OFFSET = 28;
    static final int HEADER_DATA_SIZE = 32;
    static final int HEADER_SLOT_COUNT = 36;

    static final int INSTRUCTION_SIZE = 72;
    static final int INSTRUCTION_OPCODE = 0;
    static final int INSTRUCTION_STEP = 2;
    static final int INSTRUCTION_RESULT_SLOT = 4;
    static final int INSTRUCTION_TOLERATED = 6;
    static final int INSTRUCTION_NUMBER = 12;
    static final int INSTRUCTION_KINDS = 16;
    static final int INSTRUCTION_ARGUMENTS = 24;

    static final byte KIND_IMMEDIATE = 0;
    static final byte KIND_DATA = 1;
    static final byte KIND_SLOT = 2;
    static final byte KIND_VECTOR = 3;

    static final int SUPERVISE_OUTER = 0;
    static final int SUPERVISE_INNER = 1;

    private ProgramFormat() {}

    static byte kindOf(Argument argument) {
        if (argument instanceof Argument.Data) {
            return KIND_DATA;
        }
        if (argument instanceof Argument.Slot) {
            return KIND_SLOT;
        }
        return argument instanceof Argument.Vector ? KIND_VECTOR : KIND_IMMEDIATE;
    }
}
