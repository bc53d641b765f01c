/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_kernel.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "syscall.h"

#define MOST_SYSCALLS 2000
#define STACK_OF_INIT (256 * 1024)

static jmp_buf ended;
static uint64_t state;
static int left;
static char *stack_top;
static const struct process *running;

uint64_t next_random(uint64_t *s)
{
    uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t below(uint64_t bound)
{
    return next_random(&state) % bound;
}

/*
 * The init's own buffers are on its stack. The pointers of a program's SYSCALL instructions never are: they are numbers
 * or lie in the data.
 */
static int is_buffer_of_init(uint64_t pointer)
{
    const char *p = (const char *)(uintptr_t)pointer;

    return p < stack_top && p > stack_top - STACK_OF_INIT;
}

static void fill(uint64_t pointer, uint64_t size)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)pointer;

    if (!is_buffer_of_init(pointer))
        return;
    for (uint64_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(below(4) == 0 ? below(256) : below(3));
}

static long random_result(void)
{
    static const long possible[] = {1, 3, -EINTR, -EBADF, -EINVAL, -ECHILD, -EAGAIN, 4711, 1 << 20};

    return below(4) != 0 ? 0 : possible[below(sizeof(possible) / sizeof(possible[0]))];
}

/* Reads of the init: a token, a netlink answer, a struct signalfd_siginfo. */
static long fake_read(uint64_t buffer, uint64_t size)
{
    long result = random_result();

    if (!is_buffer_of_init(buffer) || below(4) == 0)
        return result;
    fill(buffer, size);
    return (long)(below(3) == 0 ? below(size + 1) : size);
}

static long fake_poll(uint64_t fds, uint64_t count)
{
    struct pollfd *poll = (struct pollfd *)(uintptr_t)fds;

    if (!is_buffer_of_init(fds) || below(8) == 0)
        return random_result();
    for (uint64_t i = 0; i < count; i++)
        poll[i].revents = poll[i].fd < 0 || below(2) == 0 ? 0 : (int16_t)below(0x40);
    return (long)below(count + 1);
}

static long fake_wait(uint64_t status)
{
    fill(status, sizeof(int));
    return below(2) == 0 ? running->child : random_result();
}

static long fake_clone(void)
{
    uint64_t kind = below(4);

    return kind == 0 ? -EINVAL : kind == 1 ? 1000 : 0;
}

long syscall6(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    (void)a;
    (void)d;
    (void)e;
    (void)f;
    if (number == SYS_exit_group || --left <= 0)
        longjmp(ended, 1);
    switch (number) {
    case SYS_read:
        return fake_read(b, c);
    case SYS_ppoll:
        return fake_poll(a, b);
    case SYS_wait4:
        return fake_wait(b);
    case SYS_clone3:
        return fake_clone();
    case SYS_socketpair:
        fill(d, 2 * sizeof(int));
        return random_result();
    case SYS_write:
        return below(2) == 0 ? (long)c : random_result();
    default:
        return random_result();
    }
}

__attribute__((noinline)) void fake_kernel_run(struct process *process, uint64_t seed)
{
    stack_top = __builtin_frame_address(0);
    state = seed;
    left = MOST_SYSCALLS;
    running = process;
    if (setjmp(ended) == 0)
        execute(process);
}
