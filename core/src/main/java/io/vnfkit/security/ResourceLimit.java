package io.vnfkit.security;

/**
 * A soft and a hard limit of a process, as of setrlimit(2). Raising a hard limit needs CAP_SYS_RESOURCE.
 *
 * @param kind what is limited
 * @param soft the limit in force; {@link #UNLIMITED} for none
 * @param hard what the VNF may raise it to; {@link #UNLIMITED} for none
 */
public record ResourceLimit(Kind kind, long soft, long hard) {

    /** RLIM_INFINITY. */
    public static final long UNLIMITED = -1;

    /** What can be limited; the ordinal is the kernel's number on x86-64 and aarch64. */
    public enum Kind {
        /** Seconds of CPU time. */
        CPU,
        /** Bytes of a file. */
        FSIZE,
        /** Bytes of the data segment. */
        DATA,
        /** Bytes of the stack. */
        STACK,
        /** Bytes of a core dump. */
        CORE,
        /** Bytes of resident memory; without effect since 2.4.30. */
        RSS,
        /** Processes and threads of the user. */
        NPROC,
        /** Open files. The EAL needs one per hugepage unless it uses single-file segments. */
        NOFILE,
        /** Bytes of locked memory. VFIO devices need all of the hugepages unless CAP_IPC_LOCK is there. */
        MEMLOCK,
        /** Bytes of address space. */
        AS,
        /** File locks. */
        LOCKS,
        /** Pending signals. */
        SIGPENDING,
        /** Bytes in POSIX message queues. */
        MSGQUEUE,
        /** Ceiling of the nice value. */
        NICE,
        /** Ceiling of the real-time priority. */
        RTPRIO,
        /** Microseconds of real-time scheduling without a blocking call. */
        RTTIME
    }

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if the soft limit is above the hard one
     */
    public ResourceLimit {
        // UNLIMITED is the largest unsigned number.
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException(kind + ": soft limit " + soft + " is above hard limit " + hard);
        }
    }

    @Override
    public String toString() {
        return kind + " " + text(soft) + ":" + text(hard);
    }

    private static String text(long value) {
        return value == UNLIMITED ? "unlimited" : Long.toUnsignedString(value);
    }
}
