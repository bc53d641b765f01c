package io.vnfkit;

/** Signals by the kernel's numbers, equal on x86-64 and aarch64. */
public enum Signal {
    /** Hang-up; daemons take it for "read your configuration again". */
    HUP(1),
    /** Interrupt; DPDK programs stop on it. */
    INT(2),
    /** Quit, usually with a core dump. */
    QUIT(3),
    /** Kill; cannot be caught. */
    KILL(9),
    /** Free for the program. */
    USR1(10),
    /** Free for the program. */
    USR2(12),
    /** Terminate; DPDK programs stop on it. */
    TERM(15),
    /** Continue after STOP. */
    CONT(18),
    /** Stop; cannot be caught. */
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /**
     * The kernel's number.
     *
     * @return 1 to 31
     */
    public int number() {
        return number;
    }
}
