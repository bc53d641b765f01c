package io.vnfkit.launch.program;

import io.vnfkit.linux.Errno;

/** Ranges of plain values in instructions. Each method returns the value that it has checked. */
final class OperandRules {

    private OperandRules() {}

    static int requireStep(int index) {
        return requireBetween("step", index, 0, ProgramFormat.MAX_STEP);
    }

    static int requireExitStatus(int status) {
        return requireBetween("exit status", status, 0, 255);
    }

    static int requireDecimalWidth(int width) {
        return requireBetween("number field of width", width, 1, ProgramFormat.MAX_DECIMAL_WIDTH);
    }

    private static int requireBetween(String what, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new ProgramException(what + " " + value + ": allowed are " + lowest + " to " + highest);
        }
        return value;
    }

    static int requireFirstToClose(int descriptor) {
        if (descriptor < ProgramFormat.FIRST_AFTER_STDIO) {
            throw new ProgramException("closing from descriptor " + descriptor + ": 0 to 2 are the VNF's stdio");
        }
        return descriptor;
    }

    static int requireNetlinkLength(int length) {
        if (length < ProgramFormat.NETLINK_HEADER_SIZE) {
            throw new ProgramException("a netlink message of " + length + " bytes: its header alone has "
                    + ProgramFormat.NETLINK_HEADER_SIZE);
        }
        return length;
    }

    static int requireWordSize(int size) {
        if (size != Integer.BYTES && size != Long.BYTES) {
            throw new ProgramException("a word of " + size + " bytes: allowed are 4 and 8");
        }
        return size;
    }

    static int requireErrno(Errno error) {
        if (error == Errno.UNKNOWN) {
            throw new ProgramException("UNKNOWN is no error number of the kernel");
        }
        return error.number();
    }
}
