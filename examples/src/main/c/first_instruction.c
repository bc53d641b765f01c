// SPDX-License-Identifier: Apache-2.0
/*
 * The VNF of the launch benchmarks. Its first instructions read CLOCK_MONOTONIC, the clock of System.nanoTime(), and
 * write it to standard output, 8 octets in host order. Then it ends; with an argument it stays until it is killed.
 *
 * Freestanding and static, so that no dynamic linker and no C library start are measured: what is left is the
 * launcher's.
 */
#include <asm/unistd.h>
#include <linux/time.h>

#define STDOUT 1

static long syscall3(long number, long first, long second, long third)
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
#else
#error "x86-64 and aarch64 only"
#endif
}

__attribute__((noreturn, used)) static void run(const long *stack)
{
    struct {
        long seconds;
        long nanoseconds;
    } now;
    long nanoseconds;

    syscall3(__NR_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0);
    nanoseconds = now.seconds * 1000000000 + now.nanoseconds;
    syscall3(__NR_write, STDOUT, (long)&nanoseconds, sizeof(nanoseconds));
    while (stack[0] > 1)
        syscall3(__NR_rt_sigsuspend, (long)&(long){0}, sizeof(long), 0);
    syscall3(__NR_exit_group, 0, 0, 0);
    __builtin_unreachable();
}

/* The kernel enters with the number of arguments at the stack pointer. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");
#else
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl run\n");
#endif
