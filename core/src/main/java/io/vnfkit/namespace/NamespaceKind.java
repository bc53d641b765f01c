package io.vnfkit.namespace;

/**
 * The kinds of namespaces, with their CLONE_ flag and their name below {@code /proc/PID/ns}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public enum NamespaceKind {
    /** User and group ids, capabilities. First, so that it owns those made after it. */
    USER(0x10000000L, "user"),
    /** Mounts. */
    MOUNT(0x00020000L, "mnt"),
    /** Network interfaces, routes, ports. */
    NET(0x40000000L, "net"),
    /** Host and domain name. */
    UTS(0x04000000L, "uts"),
    /** System V IPC, POSIX message queues. */
    IPC(0x08000000L, "ipc"),
    /** Process ids. */
    PID(0x20000000L, "pid"),
    /** The root of control groups. */
    CGROUP(0x02000000L, "cgroup"),
    /** Offsets of the monotonic and boot-time clocks. */
    TIME(0x00000080L, "time");

    private final long cloneFlag;
    private final String procName;

    NamespaceKind(long cloneFlag, String procName) {
        this.cloneFlag = cloneFlag;
        this.procName = procName;
    }

    /**
     * The CLONE_NEW flag.
     *
     * @return one bit
     */
    public long cloneFlag() {
        return cloneFlag;
    }

    /**
     * The name below {@code /proc/PID/ns}.
     *
     * @return such as {@code mnt}
     */
    public String procName() {
        return procName;
    }
}
