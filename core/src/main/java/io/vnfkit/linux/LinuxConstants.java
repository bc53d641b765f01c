package io.vnfkit.linux;

/**
 * Constants of the kernel's interface, under their own names. x86-64 and aarch64 agree on all of them, except for
 * {@code O_DIRECTORY} and {@code O_NOFOLLOW}, which are therefore not here but in the table of the launch program.
 */
public final class LinuxConstants {

    /** open(2): for reading only. */
    public static final int O_RDONLY = 0;
    /** open(2): for writing only. */
    public static final int O_WRONLY = 1;
    /** open(2): for reading and writing. */
    public static final int O_RDWR = 2;
    /** open(2): create it if it does not exist. */
    public static final int O_CREAT = 0x40;
    /** open(2): fail if it exists. */
    public static final int O_EXCL = 0x80;
    /** open(2): cut it to length 0. */
    public static final int O_TRUNC = 0x200;
    /** open(2): write at the end. */
    public static final int O_APPEND = 0x400;
    /** open(2): never block. */
    public static final int O_NONBLOCK = 0x800;
    /** open(2): only a reference to the place in the file system. */
    public static final int O_PATH = 0x200000;
    /** open(2): closed by execve(2). */
    public static final int O_CLOEXEC = 0x80000;

    /** mount(2): read-only. */
    public static final long MS_RDONLY = 1;
    /** mount(2): set-user-id bits have no effect. */
    public static final long MS_NOSUID = 2;
    /** mount(2): device nodes cannot be opened. */
    public static final long MS_NODEV = 4;
    /** mount(2): nothing can be executed. */
    public static final long MS_NOEXEC = 8;
    /** mount(2): change the flags of a mount. */
    public static final long MS_REMOUNT = 32;
    /** mount(2): make a subtree visible at another place. */
    public static final long MS_BIND = 4096;
    /** mount(2): with all mounts below. */
    public static final long MS_REC = 16384;
    /** mount(2): no propagation. */
    public static final long MS_PRIVATE = 1 << 18;
    /** mount(2): propagation from the master only. */
    public static final long MS_SLAVE = 1 << 19;
    /** umount2(2): lazily, when no longer busy. */
    public static final int MNT_DETACH = 2;

    /** statfs(2): hugetlbfs. */
    public static final long HUGETLBFS_MAGIC = 0x958458f6L;
    /** statfs(2): cgroup version 2. */
    public static final long CGROUP2_SUPER_MAGIC = 0x63677270L;
    /** statfs(2): cgroup version 1. */
    public static final long CGROUP_SUPER_MAGIC = 0x27e0ebL;
    /** statfs(2): procfs. */
    public static final long PROC_SUPER_MAGIC = 0x9fa0L;
    /** statfs(2): sysfs. */
    public static final long SYSFS_MAGIC = 0x62656572L;
    /** statfs(2): tmpfs. */
    public static final long TMPFS_MAGIC = 0x01021994L;

    /** bpf(2): load a program. */
    public static final int BPF_PROG_LOAD = 5;
    /** bpf(2): attach a program to a control group. */
    public static final int BPF_PROG_ATTACH = 8;
    /** bpf(2): detach it. */
    public static final int BPF_PROG_DETACH = 9;
    /** bpf(2): open a program by its id. */
    public static final int BPF_PROG_GET_FD_BY_ID = 13;
    /** bpf(2): list the programs of a control group. */
    public static final int BPF_PROG_QUERY = 16;

    /** getrlimit(2): number of open files. */
    public static final int RLIMIT_NOFILE = 7;
    /** getrlimit(2): locked memory. */
    public static final int RLIMIT_MEMLOCK = 8;
    /** getrlimit(2): no limit. */
    public static final long RLIM_INFINITY = -1;

    private LinuxConstants() {}
}
