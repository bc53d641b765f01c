package io.vnfkit.launch.program;

import java.util.Optional;

/** What an instruction of a launch program does. The numbers are those of {@code enum opcode} in {@code abi.h}. */
public enum Opcode {
    /** One system call. A result from -4095 to -1 is an error, unless that errno is tolerated. */
    SYSCALL(1, 6),
    /** clone3(2) with a barrier between parent and child. The child goes on at its own section. */
    CLONE(2, 3),
    /**
     * Parent: waits until the child is at its {@link #BARRIER}. Fails with ECHILD and the wait status as value if the
     * child ended without a report; ends quietly if it has reported. Kills the child if the JVM ends meanwhile.
     */
    AWAIT_CHILD(3, 0),
    /** Parent: lets the child pass its {@link #BARRIER}. */
    RELEASE_CHILD(4, 0),
    /** Child: tells the parent, then waits for its release. Ends quietly if the parent is gone. */
    BARRIER(5, 0),
    /** Writes the low 32 bits of a value into the data. */
    STORE32(6, 2),
    /**
     * Writes a value in decimal into the data, right-aligned, filled up with slashes on the left. Fails with EOVERFLOW.
     */
    FORMAT_DECIMAL(7, 3),
    /** Sends a netlink message and waits for its acknowledgement. Fails with the errno in it. */
    NETLINK(8, 3),
    /**
     * Compares a slot or a word of the data, after a mask, with a value. Fails with a given errno and the actual value.
     */
    EXPECT(9, 5),
    /** Sends {@link Report.Started} with a value. */
    REPORT(10, 1),
    /** Ends the section of a parent: stays until the child has ended, and ends with its status. */
    SUPERVISE(11, 4),
    /** Ends the section and its process quietly with a status. */
    EXIT(12, 1),
    /** Default signal dispositions and an empty mask, as a program expects them at execve(2). */
    CLEAR_SIGNALS(13, 0),
    /** Sets close-on-exec on a descriptor and all above. */
    CLOSE_FROM(14, 1),
    /** Reads a word of the data, which a syscall has filled in, into a slot. */
    LOAD(15, 2);

    private static final Opcode[] BY_NUMBER = new Opcode[16];

    static {
        for (Opcode opcode : values()) {
            BY_NUMBER[opcode.number] = opcode;
        }
    }

    private final int number;
    private final int arity;

    Opcode(int number, int arity) {
        this.number = number;
        this.arity = arity;
    }

    /**
     * The opcode of a number.
     *
     * @param number the number in the instruction
     * @return the opcode; empty if there is none
     */
    public static Optional<Opcode> of(int number) {
        return number > 0 && number < BY_NUMBER.length ? Optional.of(BY_NUMBER[number]) : Optional.empty();
    }

    /**
     * The number in the instruction.
     *
     * @return a positive number
     */
    public int number() {
        return number;
    }

    /**
     * How many arguments the init looks at.
     *
     * @return 0 to 6
     */
    public int arity() {
        return arity;
    }

    boolean endsSection() {
        return this == SUPERVISE || this == EXIT;
    }
}
