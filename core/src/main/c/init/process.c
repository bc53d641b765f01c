/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include "report.h"
#include "syscall.h"

static int is_exit_with(int status, int code)
{
    return status == code << 8;
}

/* The wait status of the child. A child that is not reaped keeps its pid: the signal cannot hit another process. */
static int reap_child(struct process *process)
{
    int status = 0;

    while (sys_wait(process->child, &status, 0) == -EINTR)
        continue;
    process->child = 0;
    return status;
}

static void kill_child(struct process *process)
{
    if (process->child <= 0)
        return;
    sys_kill(process->child, SIGKILL);
    reap_child(process);
}

static _Noreturn void quit(struct process *process)
{
    kill_child(process);
    sys_exit(EXIT_LAUNCH_FAILED);
}

_Noreturn void process_fail(struct process *process, int error, uint64_t value)
{
    report_failed(&process->program->instructions[process->at], process->at, error, value);
    quit(process);
}

/*
 * The child closed its end of the barrier: it is ending, and a signal does not change its status any more; or it
 * executes a program already, against the rules, and would be waited for in vain.
 */
static _Noreturn void mourn_child(struct process *process)
{
    int status;

    sys_kill(process->child, SIGKILL);
    status = reap_child(process);
    if (!is_exit_with(status, EXIT_LAUNCH_FAILED))
        process_fail(process, ECHILD, (uint32_t)status);
    quit(process);
}

static long transfer(long (*once)(int, void *, size_t), int socket)
{
    uint8_t token = 0;
    long result;

    do
        result = once(socket, &token, sizeof(token));
    while (result == -EINTR);
    return result;
}

static long send_once(int socket, void *token, size_t size)
{
    return sys_write(socket, token, size);
}

static int send_token(int socket)
{
    return transfer(send_once, socket) == 1;
}

static int receive_token(int socket)
{
    return transfer(sys_read, socket) == 1;
}

static void become_child(struct process *process, const int pair[2])
{
    sys_close(pair[0]);
    if (process->to_parent >= 0)
        sys_close(process->to_parent);
    if (process->outermost)
        sys_close_range(FD_LIVENESS, FD_EXIT_RECORD, 0);
    process->outermost = 0;
    process->child = 0;
    process->to_child = -1;
    process->to_parent = pair[1];
}

long process_clone(struct process *process, uint64_t flags, uint64_t cgroup)
{
    const struct clone_args arguments = {
        .flags = flags,
        .exit_signal = SIGCHLD,
        .cgroup = flags & CLONE_INTO_CGROUP ? cgroup : 0,
    };
    int pair[2];
    long result = sys_socketpair(pair);

    if (result < 0)
        return result;
    result = sys_clone3(&arguments);
    if (result == 0) {
        become_child(process, pair);
        return 0;
    }
    sys_close(pair[1]);
    if (result < 0) {
        sys_close(pair[0]);
        return result;
    }
    process->child = (int)result;
    process->to_child = pair[0];
    return result;
}

void process_await_child(struct process *process)
{
    struct pollfd fds[2] = {
        {.fd = process->to_child, .events = POLLIN},
        {.fd = process->outermost ? FD_LIVENESS : -1},
    };

    while (fds[0].revents == 0) {
        long result = sys_poll(fds, 2);

        if (result < 0 && result != -EINTR)
            process_fail(process, (int)-result, 0);
        /* The JVM is gone (POLLHUP): nobody will complete this launch, and nobody is left to report to. */
        if (result > 0 && fds[1].revents != 0)
            quit(process);
    }
    if (!receive_token(process->to_child))
        mourn_child(process);
}

void process_release_child(struct process *process)
{
    if (!send_token(process->to_child))
        mourn_child(process);
}

void process_meet_parent(struct process *process)
{
    if (!send_token(process->to_parent) || !receive_token(process->to_parent))
        quit(process);
}
