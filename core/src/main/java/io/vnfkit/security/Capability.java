package io.vnfkit.security;

/**
 * Capabilities by the kernel's names and in its order: the ordinal is the bit.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public enum Capability {
    /** CAP_CHOWN. */
    CHOWN,
    /** CAP_DAC_OVERRIDE. */
    DAC_OVERRIDE,
    /** CAP_DAC_READ_SEARCH. */
    DAC_READ_SEARCH,
    /** CAP_FOWNER. */
    FOWNER,
    /** CAP_FSETID. */
    FSETID,
    /** CAP_KILL. */
    KILL,
    /** CAP_SETGID. */
    SETGID,
    /** CAP_SETUID. */
    SETUID,
    /** CAP_SETPCAP. */
    SETPCAP,
    /** CAP_LINUX_IMMUTABLE. */
    LINUX_IMMUTABLE,
    /** CAP_NET_BIND_SERVICE. */
    NET_BIND_SERVICE,
    /** CAP_NET_BROADCAST. */
    NET_BROADCAST,
    /** CAP_NET_ADMIN. */
    NET_ADMIN,
    /** CAP_NET_RAW. */
    NET_RAW,
    /** CAP_IPC_LOCK. */
    IPC_LOCK,
    /** CAP_IPC_OWNER. */
    IPC_OWNER,
    /** CAP_SYS_MODULE. */
    SYS_MODULE,
    /** CAP_SYS_RAWIO. */
    SYS_RAWIO,
    /** CAP_SYS_CHROOT. */
    SYS_CHROOT,
    /** CAP_SYS_PTRACE. */
    SYS_PTRACE,
    /** CAP_SYS_PACCT. */
    SYS_PACCT,
    /** CAP_SYS_ADMIN. */
    SYS_ADMIN,
    /** CAP_SYS_BOOT. */
    SYS_BOOT,
    /** CAP_SYS_NICE. */
    SYS_NICE,
    /** CAP_SYS_RESOURCE. */
    SYS_RESOURCE,
    /** CAP_SYS_TIME. */
    SYS_TIME,
    /** CAP_SYS_TTY_CONFIG. */
    SYS_TTY_CONFIG,
    /** CAP_MKNOD. */
    MKNOD,
    /** CAP_LEASE. */
    LEASE,
    /** CAP_AUDIT_WRITE. */
    AUDIT_WRITE,
    /** CAP_AUDIT_CONTROL. */
    AUDIT_CONTROL,
    /** CAP_SETFCAP. */
    SETFCAP,
    /** CAP_MAC_OVERRIDE. */
    MAC_OVERRIDE,
    /** CAP_MAC_ADMIN. */
    MAC_ADMIN,
    /** CAP_SYSLOG. */
    SYSLOG,
    /** CAP_WAKE_ALARM. */
    WAKE_ALARM,
    /** CAP_BLOCK_SUSPEND. */
    BLOCK_SUSPEND,
    /** CAP_AUDIT_READ. */
    AUDIT_READ,
    /** CAP_PERFMON. */
    PERFMON,
    /** CAP_BPF. */
    BPF,
    /** CAP_CHECKPOINT_RESTORE. */
    CHECKPOINT_RESTORE;

    /**
     * The bit's number.
     *
     * @return 0 to 40
     */
    public int number() {
        return ordinal();
    }

    /**
     * The bit in a capability mask.
     *
     * @return one bit
     */
    public long bit() {
        return 1L << ordinal();
    }
}
