/* SPDX-License-Identifier: Apache-2.0 */
#include "supervise.h"

#include "abi.h"
#include "syscall.h"

/* Where the descriptors of the supervisor stay, so that all others can be closed in ranges. */
enum {
    FD_CGROUP_KILL = FD_FIRST_FOREIGN,
    FD_FREEZER,
    FD_SIGNALS,
    FD_FIRST_UNUSED,
    FD_ASIDE = 16,
};

static long move_aside(int *fd)
{
    long result = *fd < 0 ? -1 : sys_fcntl(*fd, F_DUPFD_CLOEXEC, FD_ASIDE);

    if (*fd >= 0 && result < 0)
        return result;
    *fd = (int)result;
    return 0;
}

static long move_to(int *fd, int place)
{
    long result;

    if (*fd < 0)
        return 0;
    result = sys_dup3(*fd, place, O_CLOEXEC);
    if (result < 0)
        return result;
    *fd = place;
    return 0;
}

long supervise_prepare(struct supervision *supervision)
{
    int *fds[] = {&supervision->cgroup_kill, &supervision->freezer, &supervision->signals};
    long result = sys_sigprocmask(~UINT64_C(0));

    if (result < 0)
        return result;
    result = sys_signalfd(~UINT64_C(0));
    if (result < 0)
        return result;
    supervision->signals = (int)result;
    /* One may sit where another one goes: all out of the way first. */
    for (int i = 0; i < 3 && result >= 0; i++)
        result = move_aside(fds[i]);
    for (int i = 0; i < 3 && result >= 0; i++)
        result = move_to(fds[i], FD_CGROUP_KILL + i);
    return result < 0 ? result : 0;
}

/* The report pipe goes last: its end tells Java that the supervisor is in place. */
static void give_back(const struct supervision *supervision, const struct program *program)
{
    sys_close_range(FD_FIRST_UNUSED, ~0u, 0);
    if (supervision->cgroup_kill < 0)
        sys_close(FD_CGROUP_KILL);
    if (supervision->freezer < 0)
        sys_close(FD_FREEZER);
    if (supervision->outer && !supervision->dies_with_jvm)
        sys_close(FD_LIVENESS);
    sys_munmap(program->base, program->size);
    sys_close_range(0, supervision->outer ? FD_REPORT : FD_EXIT_RECORD, 0);
}

/* The wait status as a shell shows it. */
static uint32_t exit_code(int status)
{
    int signal = status & 0x7f;

    return signal != 0 ? 128u + (uint32_t)signal : (uint32_t)(status >> 8 & 0xff);
}

static void leave_record(uint32_t code, int status)
{
    const struct exit_record record = {.magic = EXIT_MAGIC, .code = code, .status = (uint32_t)status};

    while (sys_pwrite(FD_EXIT_RECORD, &record, sizeof(record), 0) == -EINTR)
        continue;
}

static _Noreturn void end(const struct supervision *supervision, int status)
{
    uint32_t code = exit_code(status);

    if (supervision->outer)
        leave_record(code, status);
    sys_exit((int)code);
}

/* Several children may hide behind one SIGCHLD. */
static void reap_all(const struct supervision *supervision)
{
    for (;;) {
        int status = 0;
        long pid = sys_wait(-1, &status, WNOHANG);

        if (pid == -EINTR)
            continue;
        if (pid <= 0)
            return;
        if (pid == supervision->child)
            end(supervision, status);
    }
}

/* Stops of the terminal's job control are about the caller's session, not about the VNF. */
static int is_forwarded(uint32_t signal)
{
    return signal != SIGCHLD && signal != SIGTSTP && signal != SIGTTIN && signal != SIGTTOU;
}

static void forward_signals(const struct supervision *supervision)
{
    struct signalfd_siginfo info;

    while (sys_read(supervision->signals, &info, sizeof(info)) == (long)sizeof(info))
        if (is_forwarded(info.signal))
            sys_kill(supervision->child, (int)info.signal);
}

static void kill_vnf(const struct supervision *supervision)
{
    if (supervision->cgroup_kill >= 0)
        sys_write(supervision->cgroup_kill, "1", 1);
    sys_kill(supervision->child, SIGKILL);
    /* The v1 freezer holds even SIGKILL back. */
    if (supervision->freezer >= 0)
        sys_write(supervision->freezer, "THAWED", 6);
}

/* Whether the JVM still holds the other end of the liveness pipe. */
static int jvm_lives(void)
{
    uint8_t ignored[16];
    long size = sys_read(FD_LIVENESS, ignored, sizeof(ignored));

    return size > 0 || size == -EINTR || size == -EAGAIN;
}

_Noreturn void supervise(struct supervision supervision, const struct program *program)
{
    struct pollfd fds[2] = {
        {.fd = supervision.signals, .events = POLLIN},
        {.fd = supervision.outer && supervision.dies_with_jvm ? FD_LIVENESS : -1, .events = POLLIN},
    };

    give_back(&supervision, program);
    for (;;) {
        /* First, as a child that ended while signals were not blocked yet has left no SIGCHLD. */
        reap_all(&supervision);
        if (sys_poll(fds, 2) <= 0)
            continue;
        forward_signals(&supervision);
        if (fds[1].revents != 0 && !jvm_lives()) {
            kill_vnf(&supervision);
            fds[1].fd = -1;
        }
    }
}
