/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The launch init: carries out one launch program (abi.h) between posix_spawn(3) in the JVM and execve(2) of the VNF.
 * A multi-threaded JVM cannot enter a user namespace and must not fork; this single-threaded process without libc can.
 */
#include "execute.h"
#include "program.h"
#include "report.h"
#include "signals.h"
#include "syscall.h"

static _Noreturn void fail_start(int error, uint64_t value)
{
    report_failed_start(error, value);
    sys_exit(EXIT_LAUNCH_FAILED);
}

/*
 * A missing descriptor would be taken by the first file that the program opens: the VNF would find a kernel file as its
 * standard input, or a report would be written into it.
 */
static void claim_descriptors(void)
{
    if (sys_fcntl(FD_REPORT, F_SETFD, FD_CLOEXEC) < 0)
        sys_exit(EXIT_LAUNCH_FAILED);
    for (int fd = 0; fd < FD_FIRST_FOREIGN; fd++) {
        long result = fd < FD_PROGRAM ? sys_fcntl(fd, F_GETFD, 0) : sys_fcntl(fd, F_SETFD, FD_CLOEXEC);

        if (result < 0)
            fail_start((int)-result, (uint64_t)fd);
    }
    sys_close_range(FD_FIRST_FOREIGN, ~0u, 0);
}

static void open_program(struct program *program)
{
    long size = sys_lseek(FD_PROGRAM, 0, SEEK_END);
    struct finding finding;
    long base;

    if (size < 0)
        fail_start((int)-size, 0);
    if (size == 0)
        fail_start(EINVAL, DAMAGED_SIZE);
    base = sys_mmap((size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE, FD_PROGRAM);
    if (base < 0 && base >= -MAX_ERRNO)
        fail_start((int)-base, 0);
    sys_close(FD_PROGRAM);
    finding = program_open(program, (uint8_t *)base, (uint64_t)size);
    if (finding.damage == UNDAMAGED)
        return;
    if (finding.instruction == NO_INSTRUCTION)
        fail_start(EINVAL, finding.damage);
    report_failed(&program->instructions[finding.instruction], finding.instruction, EINVAL, finding.damage);
    sys_exit(EXIT_LAUNCH_FAILED);
}

_Noreturn void init_main(void);

__attribute__((used)) _Noreturn void init_main(void)
{
    struct program program;
    struct process process;

    signals_reset();
    claim_descriptors();
    open_program(&program);
    program_relocate(&program);

    process.program = &program;
    process.at = 0;
    process.outermost = 1;
    process.child = 0;
    process.to_child = -1;
    process.to_parent = -1;
    /* The slots stay as they are: the program writes each before it reads it. */
    execute(&process);
}

DEFINE_START(init_main);
