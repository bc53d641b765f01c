package io.vnfkit.launch.program;

import java.util.Locale;

/**
 * System calls that a launch program may use, with their numbers as in {@code asm/unistd_64.h} (x86-64) and
 * {@code asm-generic/unistd.h} (aarch64). Section 2 of the manual describes each.
 *
 * <p>Creating processes is missing on purpose: the init must know its child, so that is {@link Opcode#CLONE}.
 */
public enum SyscallNumber {
    /** {@code openat(2)}. */
    OPENAT(257, 56),
    /** {@code openat2(2)}. */
    OPENAT2(437, 437),
    /** {@code close(2)}. */
    CLOSE(3, 57),
    /** {@code close_range(2)}. */
    CLOSE_RANGE(436, 436),
    /** {@code read(2)}. */
    READ(0, 63),
    /** {@code write(2)}. */
    WRITE(1, 64),
    /** {@code pread64(2)}. */
    PREAD64(17, 67),
    /** {@code pwrite64(2)}. */
    PWRITE64(18, 68),
    /** {@code readlinkat(2)}. */
    READLINKAT(267, 78),
    /** {@code faccessat2(2)}. */
    FACCESSAT2(439, 439),
    /** {@code mkdirat(2)}. */
    MKDIRAT(258, 34),
    /** {@code mknodat(2)}. */
    MKNODAT(259, 33),
    /** {@code symlinkat(2)}. */
    SYMLINKAT(266, 36),
    /** {@code unlinkat(2)}. */
    UNLINKAT(263, 35),
    /** {@code linkat(2)}. */
    LINKAT(265, 37),
    /** {@code fchownat(2)}. */
    FCHOWNAT(260, 54),
    /** {@code fchmodat(2)}. */
    FCHMODAT(268, 53),
    /** {@code fchmod(2)}. */
    FCHMOD(91, 52),
    /** {@code fchown(2)}. */
    FCHOWN(93, 55),
    /** {@code ftruncate(2)}. */
    FTRUNCATE(77, 46),
    /** {@code fallocate(2)}. */
    FALLOCATE(285, 47),
    /** {@code fcntl(2)}. */
    FCNTL(72, 25),
    /** {@code ioctl(2)}. */
    IOCTL(16, 29),
    /** {@code dup3(2)}. */
    DUP3(292, 24),
    /** {@code pipe2(2)}. */
    PIPE2(293, 59),
    /** {@code memfd_create(2)}. */
    MEMFD_CREATE(319, 279),
    /** {@code statfs(2)}. */
    STATFS(137, 43),
    /** {@code fstatfs(2)}. */
    FSTATFS(138, 44),
    /** {@code fstat(2)}. */
    FSTAT(5, 80),
    /** {@code umask(2)}. */
    UMASK(95, 166),
    /** {@code getcwd(2)}. */
    GETCWD(79, 17),
    /** {@code chdir(2)}. */
    CHDIR(80, 49),
    /** {@code fchdir(2)}. */
    FCHDIR(81, 50),
    /** {@code mount(2)}. */
    MOUNT(165, 40),
    /** {@code umount2(2)}. */
    UMOUNT2(166, 39),
    /** {@code pivot_root(2)}. */
    PIVOT_ROOT(155, 41),
    /** {@code chroot(2)}. */
    CHROOT(161, 51),
    /** {@code open_tree(2)}. */
    OPEN_TREE(428, 428),
    /** {@code move_mount(2)}. */
    MOVE_MOUNT(429, 429),
    /** {@code fsopen(2)}. */
    FSOPEN(430, 430),
    /** {@code fsconfig(2)}. */
    FSCONFIG(431, 431),
    /** {@code fsmount(2)}. */
    FSMOUNT(432, 432),
    /** {@code fspick(2)}. */
    FSPICK(433, 433),
    /** {@code mount_setattr(2)}. */
    MOUNT_SETATTR(442, 442),
    /** {@code setns(2)}. */
    SETNS(308, 268),
    /** {@code unshare(2)}. */
    UNSHARE(272, 97),
    /** {@code sethostname(2)}. */
    SETHOSTNAME(170, 161),
    /** {@code setdomainname(2)}. */
    SETDOMAINNAME(171, 162),
    /** {@code setsid(2)}. */
    SETSID(112, 157),
    /** {@code setresuid(2)}. */
    SETRESUID(117, 147),
    /** {@code setresgid(2)}. */
    SETRESGID(119, 149),
    /** {@code setgroups(2)}. */
    SETGROUPS(116, 159),
    /** {@code capget(2)}. */
    CAPGET(125, 90),
    /** {@code capset(2)}. */
    CAPSET(126, 91),
    /** {@code prctl(2)}. */
    PRCTL(157, 167),
    /** {@code seccomp(2)}. */
    SECCOMP(317, 277),
    /** {@code keyctl(2)}. */
    KEYCTL(250, 219),
    /** {@code personality(2)}. */
    PERSONALITY(135, 92),
    /** {@code landlock_create_ruleset(2)}. */
    LANDLOCK_CREATE_RULESET(444, 444),
    /** {@code landlock_add_rule(2)}. */
    LANDLOCK_ADD_RULE(445, 445),
    /** {@code landlock_restrict_self(2)}. */
    LANDLOCK_RESTRICT_SELF(446, 446),
    /** {@code setrlimit(2)}. */
    SETRLIMIT(160, 164),
    /** {@code prlimit64(2)}. */
    PRLIMIT64(302, 261),
    /** {@code sched_setaffinity(2)}. */
    SCHED_SETAFFINITY(203, 122),
    /** {@code sched_setscheduler(2)}. */
    SCHED_SETSCHEDULER(144, 119),
    /** {@code sched_setattr(2)}. */
    SCHED_SETATTR(314, 274),
    /** {@code setpriority(2)}. */
    SETPRIORITY(141, 140),
    /** {@code set_mempolicy(2)}. */
    SET_MEMPOLICY(238, 237),
    /** {@code ioprio_set(2)}. */
    IOPRIO_SET(251, 30),
    /** {@code socket(2)}. */
    SOCKET(41, 198),
    /** {@code bind(2)}. */
    BIND(49, 200),
    /** {@code connect(2)}. */
    CONNECT(42, 203),
    /** {@code sendto(2)}. */
    SENDTO(44, 206),
    /** {@code recvfrom(2)}. */
    RECVFROM(45, 207),
    /** {@code setsockopt(2)}. */
    SETSOCKOPT(54, 208),
    /** {@code getpid(2)}. */
    GETPID(39, 172),
    /** {@code getppid(2)}. */
    GETPPID(110, 173),
    /** {@code kill(2)}. */
    KILL(62, 129),
    /** {@code pidfd_open(2)}. */
    PIDFD_OPEN(434, 434),
    /** {@code pidfd_send_signal(2)}. */
    PIDFD_SEND_SIGNAL(424, 424),
    /** {@code pidfd_getfd(2)}. */
    PIDFD_GETFD(438, 438),
    /** {@code execve(2)}. */
    EXECVE(59, 221),
    /** {@code execveat(2)}. */
    EXECVEAT(322, 281);

    private final int x86;
    private final int arm;

    SyscallNumber(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    /**
     * The number on an architecture.
     *
     * @param architecture where the program will run
     * @return the number
     */
    public int on(Architecture architecture) {
        return architecture == Architecture.X86_64 ? x86 : arm;
    }

    /**
     * The call's name in the manual.
     *
     * @return such as {@code openat}
     */
    public String manualName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
