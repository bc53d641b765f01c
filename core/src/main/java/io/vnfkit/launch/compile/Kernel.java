package io.vnfkit.launch.compile;

/** Constants of the system calls that launch programs make, under the kernel's names; equal on x86-64 and aarch64. */
final class Kernel {

    static final long AT_FDCWD = -100;
    static final long AT_EMPTY_PATH = 0x1000;
    static final long AT_RECURSIVE = 0x8000;
    static final long O_CLOEXEC = 0x80000;
    static final long O_PATH = 0x200000;
    static final long O_RDONLY = 0;
    static final long O_WRONLY = 1;
    static final long O_CREAT = 0x40;
    static final long S_IFCHR = 0x2000;
    static final long S_IFBLK = 0x6000;

    static final long OPEN_TREE_CLONE = 1;
    static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
    static final long FSOPEN_CLOEXEC = 1;
    static final long FSMOUNT_CLOEXEC = 1;
    static final long FSCONFIG_SET_FLAG = 0;
    static final long FSCONFIG_SET_STRING = 1;
    static final long FSCONFIG_CMD_CREATE = 6;
    static final long RESOLVE_NO_SYMLINKS = 4;

    static final long MS_REMOUNT = 32;
    static final long MS_BIND = 4096;
    static final long MS_REC = 16384;
    static final long MS_PRIVATE = 1 << 18;
    static final long MS_SLAVE = 1 << 19;
    static final long MNT_DETACH = 2;

    static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;
    static final long CLONE_NEWTIME = 0x80;
    static final long CLONE_NEWPID = 0x2000_0000L;
    static final long CLONE_NEWNET = 0x4000_0000L;

    static final long PR_SET_PDEATHSIG = 1;
    static final long PR_SET_DUMPABLE = 4;
    static final long PR_SET_KEEPCAPS = 8;
    static final long PR_SET_NAME = 15;
    static final long PR_CAPBSET_DROP = 24;
    static final long PR_SET_NO_NEW_PRIVS = 38;
    static final long PR_CAP_AMBIENT = 47;
    static final long PR_CAP_AMBIENT_RAISE = 2;
    static final long PR_CAP_AMBIENT_CLEAR_ALL = 4;
    static final long SIGKILL = 9;
    static final long KEYCTL_JOIN_SESSION_KEYRING = 1;
    static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    static final long AF_NETLINK = 16;
    static final long SOCK_RAW = 3;
    static final long SOCK_CLOEXEC = 0x80000;
    static final long SIOCGIFINDEX = 0x8933;
    static final long SIOCGIFHWADDR = 0x8927;

    private Kernel() {}
}
