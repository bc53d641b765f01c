/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few kernel constants and structures that the init itself uses. It includes no libc header and no kernel header:
 * the same text compiles natively and for another architecture without a sysroot. Each group names its uapi header.
 */
#ifndef VNFKIT_UAPI_H
#define VNFKIT_UAPI_H

#include <stdint.h>

/* asm-generic/errno-base.h, asm-generic/errno.h */
#define EINTR 4
#define EBADF 9
#define ECHILD 10
#define EAGAIN 11
#define EINVAL 22
#define EOVERFLOW 75
/* linux/err.h: the largest errno that a syscall returns */
#define MAX_ERRNO 4095

/* linux/fcntl.h, asm-generic/fcntl.h, linux/stat.h */
#define F_SETFD 2
#define F_GETFD 1
#define F_DUPFD_CLOEXEC 1030
#define FD_CLOEXEC 1
#define O_CLOEXEC 02000000
#define O_NONBLOCK 04000
#define SEEK_END 2

/* linux/close_range.h (5.9; CLOEXEC 5.11) */
#define CLOSE_RANGE_CLOEXEC (1u << 2)

/* asm-generic/mman-common.h */
#define PROT_READ 1
#define PROT_WRITE 2
#define MAP_PRIVATE 2

/* asm-generic/signal.h: the same on x86-64 and arm64 */
#define SIG_DFL 0
#define SIG_IGN 1
#define SIG_SETMASK 2
#define SIGKILL 9
#define SIGPIPE 13
#define SIGCHLD 17
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define LAST_SIGNAL 64

/* asm/signal.h of both architectures (both have SA_RESTORER) */
struct kernel_sigaction {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

/* linux/signalfd.h: 128 bytes, of which the init reads the number */
struct signalfd_siginfo {
    uint32_t signal;
    uint8_t rest[124];
};

/* asm-generic/poll.h */
#define POLLIN 1
#define POLLNVAL 0x20
struct pollfd {
    int32_t fd;
    int16_t events;
    int16_t revents;
};

/* linux/wait.h */
#define WNOHANG 1

/* linux/sched.h (clone3: 5.3; CLEAR_SIGHAND: 5.5; INTO_CGROUP: 5.7) */
#define CLONE_NEWTIME UINT64_C(0x00000080)
#define CLONE_NEWNS UINT64_C(0x00020000)
#define CLONE_NEWCGROUP UINT64_C(0x02000000)
#define CLONE_NEWUTS UINT64_C(0x04000000)
#define CLONE_NEWIPC UINT64_C(0x08000000)
#define CLONE_NEWUSER UINT64_C(0x10000000)
#define CLONE_NEWPID UINT64_C(0x20000000)
#define CLONE_NEWNET UINT64_C(0x40000000)
#define CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)
#define CLONE_INTO_CGROUP UINT64_C(0x200000000)
struct clone_args {
    uint64_t flags;
    uint64_t pidfd;
    uint64_t child_tid;
    uint64_t parent_tid;
    uint64_t exit_signal;
    uint64_t stack;
    uint64_t stack_size;
    uint64_t tls;
    uint64_t set_tid;
    uint64_t set_tid_size;
    uint64_t cgroup;
};

/* linux/socket.h, linux/net.h, asm-generic/fcntl.h (SOCK_CLOEXEC is O_CLOEXEC) */
#define AF_UNIX 1
#define SOCK_SEQPACKET 5

/* linux/netlink.h */
#define NLMSG_ERROR 2
#define NLM_F_REQUEST 1
#define NLM_F_ACK 4
struct nlmsghdr {
    uint32_t length;
    uint16_t type;
    uint16_t flags;
    uint32_t sequence;
    uint32_t port;
};

#endif
