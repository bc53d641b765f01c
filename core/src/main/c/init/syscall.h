/* SPDX-License-Identifier: Apache-2.0 */
/* The init's own syscalls as typed functions. All return a value >= 0, or -errno: there is no errno variable. */
#ifndef VNFKIT_SYSCALL_H
#define VNFKIT_SYSCALL_H

#include <stddef.h>
#include <stdint.h>

#include "uapi.h"

#if defined(__x86_64__)
#include "arch_x86_64.h"
#elif defined(__aarch64__)
#include "arch_aarch64.h"
#else
#error "the launch init supports x86-64 and arm64"
#endif

#ifdef VNFKIT_FAKE_KERNEL
/* The tests run the whole init in their own process, on a kernel that answers what they want. */
long syscall6(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
#endif

#define POINTER(p) ((uint64_t)(uintptr_t)(p))
#define SIGNAL_SET_SIZE 8

static inline _Noreturn void sys_exit(int status)
{
    for (;;)
        syscall6(SYS_exit_group, (uint64_t)status, 0, 0, 0, 0, 0);
}

static inline long sys_read(int fd, void *buffer, size_t size)
{
    return syscall6(SYS_read, (uint64_t)fd, POINTER(buffer), size, 0, 0, 0);
}

static inline long sys_write(int fd, const void *buffer, size_t size)
{
    return syscall6(SYS_write, (uint64_t)fd, POINTER(buffer), size, 0, 0, 0);
}

static inline long sys_pwrite(int fd, const void *buffer, size_t size, uint64_t offset)
{
    return syscall6(SYS_pwrite64, (uint64_t)fd, POINTER(buffer), size, offset, 0, 0);
}

static inline long sys_close(int fd)
{
    return syscall6(SYS_close, (uint64_t)fd, 0, 0, 0, 0, 0);
}

static inline long sys_close_range(unsigned first, unsigned last, unsigned flags)
{
    return syscall6(SYS_close_range, first, last, flags, 0, 0, 0);
}

static inline long sys_dup3(int fd, int target, int flags)
{
    return syscall6(SYS_dup3, (uint64_t)fd, (uint64_t)target, (uint64_t)flags, 0, 0, 0);
}

static inline long sys_fcntl(int fd, int command, uint64_t value)
{
    return syscall6(SYS_fcntl, (uint64_t)fd, (uint64_t)command, value, 0, 0, 0);
}

static inline long sys_lseek(int fd, int64_t offset, int whence)
{
    return syscall6(SYS_lseek, (uint64_t)fd, (uint64_t)offset, (uint64_t)whence, 0, 0, 0);
}

/* The address, or -errno as an address in the last page, which never maps anything. */
static inline long sys_mmap(size_t size, int protection, int flags, int fd)
{
    return syscall6(SYS_mmap, 0, size, (uint64_t)protection, (uint64_t)flags, (uint64_t)fd, 0);
}

static inline long sys_munmap(void *start, size_t size)
{
    return syscall6(SYS_munmap, POINTER(start), size, 0, 0, 0, 0);
}

static inline long sys_sigaction(int signal, const struct kernel_sigaction *action)
{
    return syscall6(SYS_rt_sigaction, (uint64_t)signal, POINTER(action), 0, SIGNAL_SET_SIZE, 0, 0);
}

static inline long sys_sigprocmask(uint64_t mask)
{
    return syscall6(SYS_rt_sigprocmask, SIG_SETMASK, POINTER(&mask), 0, SIGNAL_SET_SIZE, 0, 0);
}

static inline long sys_signalfd(uint64_t mask)
{
    return syscall6(SYS_signalfd4, (uint64_t)-1, POINTER(&mask), SIGNAL_SET_SIZE, O_CLOEXEC | O_NONBLOCK, 0, 0);
}

static inline long sys_poll(struct pollfd *fds, unsigned count)
{
    return syscall6(SYS_ppoll, POINTER(fds), count, 0, 0, SIGNAL_SET_SIZE, 0);
}

static inline long sys_wait(int pid, int *status, int options)
{
    return syscall6(SYS_wait4, (uint64_t)(int64_t)pid, POINTER(status), (uint64_t)options, 0, 0, 0);
}

static inline long sys_kill(int pid, int signal)
{
    return syscall6(SYS_kill, (uint64_t)(int64_t)pid, (uint64_t)signal, 0, 0, 0, 0);
}

/* Without CLONE_VM the child goes on with its own copy of this stack, as after fork(2). */
static inline long sys_clone3(const struct clone_args *arguments)
{
    return syscall6(SYS_clone3, POINTER(arguments), sizeof(*arguments), 0, 0, 0, 0);
}

static inline long sys_socketpair(int pair[2])
{
    return syscall6(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | O_CLOEXEC, 0, POINTER(pair), 0, 0);
}

#endif
