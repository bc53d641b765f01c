/* SPDX-License-Identifier: Apache-2.0 */
/* x86-64: entry point, syscall instruction, and the numbers (asm/unistd_64.h) of the init's own syscalls. */
#ifndef VNFKIT_ARCH_X86_64_H
#define VNFKIT_ARCH_X86_64_H

#define SYS_read 0
#define SYS_write 1
#define SYS_close 3
#define SYS_lseek 8
#define SYS_mmap 9
#define SYS_munmap 11
#define SYS_rt_sigaction 13
#define SYS_rt_sigprocmask 14
#define SYS_pwrite64 18
#define SYS_socketpair 53
#define SYS_wait4 61
#define SYS_kill 62
#define SYS_fcntl 72
#define SYS_exit_group 231
#define SYS_ppoll 271
#define SYS_signalfd4 289
#define SYS_dup3 292
#define SYS_clone3 435
#define SYS_close_range 436

/* The ABI wants rsp 16-byte aligned at a call; a zero rbp ends stack traces. */
#define DEFINE_START(function) \
    __asm__(".globl _start\n.type _start, @function\n_start:\n" \
            "    xor %ebp, %ebp\n    and $-16, %rsp\n    call " #function "\n    hlt\n")

#ifndef VNFKIT_FAKE_KERNEL
static inline long syscall6(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    long result;

    /* The instruction itself destroys rcx (return address) and r11 (flags). */
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#endif

#endif
