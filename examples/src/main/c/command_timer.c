// SPDX-License-Identifier: Apache-2.0
/*
 * Times a command that launches a VNF, such as crun run:
 *
 *     command_timer PROGRAM [ARGUMENT]...
 *
 * For each line on standard input it starts PROGRAM, whose VNF writes 8 octets of CLOCK_MONOTONIC to its standard
 * output, and prints the nanoseconds from the start until the VNF's first instruction, until its octets were read,
 * and from then until PROGRAM had ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(int succeeded, const char *what)
{
    if (succeeded)
        return;
    fprintf(stderr, "command_timer: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static pid_t start(char **command, int output)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    errno = posix_spawn(&pid, command[0], &actions, NULL, command, environ);
    check(errno == 0, command[0]);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static void time_once(char **command)
{
    int ends[2], status;
    int64_t before, first, arrived, end;
    pid_t pid;

    before = now();
    check(pipe2(ends, O_CLOEXEC) == 0, "pipe");
    pid = start(command, ends[1]);
    close(ends[1]);
    errno = 0;
    check(read(ends[0], &first, sizeof(first)) == sizeof(first), "the command ended before its VNF ran");
    arrived = now();
    close(ends[0]);
    check(waitpid(pid, &status, 0) == pid, "wait");
    end = now();
    errno = 0;
    check(status == 0, "the command failed");
    printf("%lld %lld %lld\n", (long long)(first - before), (long long)(arrived - before), (long long)(end - arrived));
    fflush(stdout);
}

int main(int count, char **arguments)
{
    char line[16];

    if (count < 2) {
        fputs("usage: command_timer PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof(line), stdin) != NULL)
        time_once(arguments + 1);
    return 0;
}
