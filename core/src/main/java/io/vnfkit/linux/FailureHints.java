package io.vnfkit.linux;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The likely cure for what the kernel says, by system call. */
final class FailureHints {

    private static final Map<String, Map<Errno, String>> BY_CALL = new HashMap<>();

    private static final Map<Errno, String> BY_ERRNO = new EnumMap<>(Map.of(
            Errno.EMFILE, "this process has as many descriptors as its limit allows: raise it (ulimit -n)",
            Errno.ENFILE, "the machine has as many open files as it allows: raise fs.file-max"));

    static {
        forCall("mount")
                .on(Errno.EPERM, "needs CAP_SYS_ADMIN in the mount namespace's user namespace: run as root")
                .on(Errno.ENODEV, "the kernel does not have this file system, see /proc/filesystems: load its module")
                .on(Errno.ENOENT, "source or target does not exist")
                .on(Errno.EBUSY, "already mounted there, or still in use")
                .on(Errno.EINVAL, "the file system does not take these options; dmesg(1) may say which");
        forCall("umount2")
                .on(Errno.EPERM, "needs CAP_SYS_ADMIN: run as root")
                .on(Errno.EBUSY, "still in use: end the processes with open files or working directories below it")
                .on(Errno.EINVAL, "not a mount point, or one that is locked by another user namespace");
        forCall("bpf")
                .on(Errno.EPERM, "needs CAP_BPF and for devices CAP_NET_ADMIN, or CAP_SYS_ADMIN: run as root; before"
                        + " Linux 5.11 RLIMIT_MEMLOCK also counts")
                .on(Errno.ENOSYS, "the kernel is built without CONFIG_BPF_SYSCALL")
                .on(Errno.EINVAL, "the kernel does not know this command or attribute, or lacks CONFIG_CGROUP_BPF")
                .on(Errno.EACCES, "the verifier refused the program; its log says why")
                .on(Errno.ENOMEM, "before Linux 5.11 programs count against RLIMIT_MEMLOCK: raise it");
        forCall("memfd_create")
                .on(Errno.EACCES, "vm.memfd_noexec is 2: set it to 0 or 1")
                .on(Errno.EINVAL, "a name has at most 249 bytes")
                .on(Errno.ENOSYS, "needs Linux 3.17");
        forCall("pidfd_open")
                .on(Errno.ENOSYS, "needs Linux 5.3")
                .on(Errno.EPERM, "forbidden by a seccomp filter on this process")
                .on(Errno.ESRCH, "the process has ended and was reaped");
        forCall("pidfd_send_signal")
                .on(Errno.ENOSYS, "needs Linux 5.1")
                .on(Errno.EPERM, "needs the same user or CAP_KILL")
                .on(Errno.ESRCH, "the process has ended");
        forCall("waitid")
                .on(Errno.ECHILD,
                        "not a child of this JVM, or reaped before; a host program that ignores SIGCHLD has its"
                        + " children reaped by the kernel");
        forCall("posix_spawn")
                .on(Errno.ENOENT, "the executable does not exist, or its interpreter does not")
                .on(Errno.EACCES, "not executable: check its mode, and whether its file system is mounted noexec")
                .on(Errno.ENOEXEC, "not an executable for this architecture")
                .on(Errno.ETXTBSY, "a descriptor is open for writing to it")
                .on(Errno.EAGAIN, "too many processes: see RLIMIT_NPROC and pids.max of the control group");
        forCall("fcntl")
                .on(Errno.EBUSY, "a writable mapping of the memfd exists: unmap it before sealing")
                .on(Errno.EPERM, "the memfd is sealed against further seals, or was made without MFD_ALLOW_SEALING")
                .on(Errno.EBADF, "an exclusive lock needs a descriptor that is open for writing");
        forCall("mmap")
                .on(Errno.ENOMEM, "not enough free hugepages for the whole mapping, or beyond the size= of their"
                        + " hugetlbfs, or a reservation limit (hugetlb.*.rsvd) of the control group")
                .on(Errno.EINVAL, "offset, length or address are no multiple of the page size of the file")
                .on(Errno.EACCES, "the file is open for reading alone")
                .on(Errno.EPERM, "the file is sealed against writing");
        forCall("fallocate")
                .on(Errno.ENOSPC, "not enough free hugepages, or beyond the size= of their hugetlbfs");
        forCall("madvise")
                .on(Errno.EFAULT, "the pages cannot be had: none is free on the nodes asked for, or the fault limit of"
                        + " the control group (hugetlb.*) is reached")
                .on(Errno.EINVAL, "MADV_POPULATE_WRITE needs Linux 5.14");
        forCall("mbind")
                .on(Errno.EINVAL, "a node does not exist, or lies outside the memory nodes of the cpuset")
                .on(Errno.ENOSYS, "the kernel is built without CONFIG_NUMA");
        forCall("bind")
                .on(Errno.EADDRINUSE, "a socket or a left-over of one has this name: remove it if nobody uses it");
        forCall("connect")
                .on(Errno.ECONNREFUSED, "nobody listens there: the server has not started yet, or has ended")
                .on(Errno.ENOENT, "no such socket: the server has not started yet, or is in another mount namespace")
                .on(Errno.EPROTOTYPE, "the server's socket is of another kind")
                .on(Errno.EAGAIN, "the server does not keep up: its backlog is full");
        forCall("sendmsg")
                .on(Errno.EPIPE, "the other side has closed")
                .on(Errno.ETOOMANYREFS, "more descriptors are in flight than RLIMIT_NOFILE allows");
        forCall("mkdir").on(Errno.EROFS, "the file system is mounted read-only");
        forCall("rmdir").on(Errno.EBUSY, "a mount point, or a control group with processes or child groups");
        forCall("chown").on(Errno.EPERM, "needs CAP_CHOWN: run as root");
    }

    private FailureHints() {}

    private record Call(Map<Errno, String> hints) {
        Call on(Errno errno, String hint) {
            hints.put(errno, hint);
            return this;
        }
    }

    private static Call forCall(String call) {
        return new Call(BY_CALL.computeIfAbsent(call, name -> new EnumMap<>(Errno.class)));
    }

    /** The hint for a failed call; empty where none is known. */
    static String of(String call, int number) {
        Errno errno = Errno.of(number);
        String hint = BY_CALL.getOrDefault(call, Map.of()).get(errno);
        return hint != null ? hint : BY_ERRNO.getOrDefault(errno, "");
    }
}
