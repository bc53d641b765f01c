/* SPDX-License-Identifier: Apache-2.0 */
/* arm64: entry point, syscall instruction, and the numbers (asm-generic/unistd.h) of the init's own syscalls. */
#ifndef VNFKIT_ARCH_AARCH64_H
#define VNFKIT_ARCH_AARCH64_H

#define SYS_dup3 24
#define SYS_fcntl 25
#define SYS_close 57
#define SYS_lseek 62
#define SYS_read 63
#define SYS_write 64
#define SYS_pwrite64 68
#define SYS_ppoll 73
#define SYS_signalfd4 74
#define SYS_exit_group 94
#define SYS_kill 129
#define SYS_rt_sigaction 134
#define SYS_rt_sigprocmask 135
#define SYS_socketpair 199
#define SYS_munmap 215
#define SYS_mmap 222
#define SYS_wait4 260
#define SYS_clone3 435
#define SYS_close_range 436

/* The kernel starts a process with sp 16-byte aligned; zero x29 and x30 end stack traces. */
#define DEFINE_START(function) \
    __asm__(".globl _start\n.type _start, %function\n_start:\n" \
            "    mov x29, #0\n    mov x30, #0\n    bl " #function "\n    brk #0\n")

#ifndef VNFKIT_FAKE_KERNEL
static inline long syscall6(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    register uint64_t x8 __asm__("x8") = (uint64_t)number;
    register uint64_t x0 __asm__("x0") = a;
    register uint64_t x1 __asm__("x1") = b;
    register uint64_t x2 __asm__("x2") = c;
    register uint64_t x3 __asm__("x3") = d;
    register uint64_t x4 __asm__("x4") = e;
    register uint64_t x5 __asm__("x5") = f;

    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return (long)x0;
}
#endif

#endif
