/* SPDX-License-Identifier: Apache-2.0 */
#include "execute.h"

#include "netlink.h"
#include "patch.h"
#include "report.h"
#include "signals.h"
#include "supervise.h"
#include "syscall.h"

static uint64_t value_of(const struct process *process, const struct instruction *instruction, int i)
{
    uint64_t argument = instruction->argument[i];

    switch (instruction->kind[i]) {
    case KIND_SLOT:
        return process->slots[argument];
    case KIND_DATA:
    case KIND_VECTOR:
        return POINTER(process->program->data + argument);
    default:
        return argument;
    }
}

static uint8_t *data_of(const struct process *process, const struct instruction *instruction, int i)
{
    return process->program->data + instruction->argument[i];
}

static int is_tolerated(const struct instruction *instruction, long error)
{
    for (int i = 0; i < TOLERATED; i++)
        if (instruction->tolerated[i] == ANY_ERRNO || (long)instruction->tolerated[i] == error)
            return 1;
    return 0;
}

static void keep(struct process *process, const struct instruction *instruction, uint64_t value)
{
    if (instruction->result_slot != NO_SLOT)
        process->slots[instruction->result_slot] = value;
}

/* Fails on an errno that is not tolerated, else keeps the result. */
static void conclude(struct process *process, const struct instruction *instruction, long result)
{
    if (result < 0 && result >= -MAX_ERRNO && !is_tolerated(instruction, -result))
        process_fail(process, (int)-result, 0);
    keep(process, instruction, (uint64_t)result);
}

static long run_syscall(const struct process *process, const struct instruction *instruction)
{
    return syscall6(instruction->number, value_of(process, instruction, 0), value_of(process, instruction, 1),
                    value_of(process, instruction, 2), value_of(process, instruction, 3),
                    value_of(process, instruction, 4), value_of(process, instruction, 5));
}

static void run_clone(struct process *process, const struct instruction *instruction)
{
    long result = process_clone(process, instruction->argument[0], value_of(process, instruction, 1));

    if (result == 0) {
        /* The loop goes on with the child's entry. */
        process->at = (uint32_t)instruction->argument[2] - 1;
        return;
    }
    conclude(process, instruction, result);
}

static long run_format_decimal(const struct process *process, const struct instruction *instruction)
{
    return format_decimal(data_of(process, instruction, 1), instruction->argument[2],
                          value_of(process, instruction, 0));
}

static uint64_t load(const struct process *process, const struct instruction *instruction, uint64_t size)
{
    return load_word(data_of(process, instruction, 0), size);
}

static void run_expect(struct process *process, const struct instruction *instruction)
{
    uint64_t actual = instruction->kind[0] == KIND_SLOT ? value_of(process, instruction, 0)
                                                        : load(process, instruction, instruction->argument[4]);

    if ((actual & instruction->argument[1]) != value_of(process, instruction, 2))
        process_fail(process, (int)instruction->argument[3], actual);
}

static _Noreturn void run_supervise(struct process *process, const struct instruction *instruction)
{
    struct supervision supervision = {
        .child = process->child,
        .outer = instruction->argument[0] == SUPERVISE_OUTER,
        .dies_with_jvm = (int)instruction->argument[1],
        .cgroup_kill = (int)value_of(process, instruction, 2),
        .freezer = (int)value_of(process, instruction, 3),
        .signals = -1,
    };
    long result = supervise_prepare(&supervision);

    if (result < 0)
        process_fail(process, (int)-result, 0);
    supervise(supervision, process->program);
}

static void run(struct process *process, const struct instruction *instruction)
{
    switch (instruction->opcode) {
    case OP_SYSCALL:
        conclude(process, instruction, run_syscall(process, instruction));
        break;
    case OP_CLONE:
        run_clone(process, instruction);
        break;
    case OP_AWAIT_CHILD:
        process_await_child(process);
        break;
    case OP_RELEASE_CHILD:
        process_release_child(process);
        break;
    case OP_BARRIER:
        process_meet_parent(process);
        break;
    case OP_STORE32:
        store32(data_of(process, instruction, 1), value_of(process, instruction, 0));
        break;
    case OP_FORMAT_DECIMAL:
        conclude(process, instruction, run_format_decimal(process, instruction));
        break;
    case OP_NETLINK:
        conclude(process, instruction, netlink_request((int)value_of(process, instruction, 0),
                                                       data_of(process, instruction, 1), instruction->argument[2]));
        break;
    case OP_EXPECT:
        run_expect(process, instruction);
        break;
    case OP_REPORT:
        report_started(instruction, process->at, value_of(process, instruction, 0));
        break;
    case OP_SUPERVISE:
        run_supervise(process, instruction);
    case OP_EXIT:
        sys_exit((int)instruction->argument[0]);
    case OP_CLEAR_SIGNALS:
        signals_clear();
        break;
    case OP_CLOSE_FROM:
        conclude(process, instruction,
                 sys_close_range((unsigned)instruction->argument[0], ~0u, CLOSE_RANGE_CLOEXEC));
        break;
    case OP_LOAD:
        keep(process, instruction, load(process, instruction, instruction->argument[1]));
        break;
    }
}

_Noreturn void execute(struct process *process)
{
    /* The check of the program has made sure that every section ends with SUPERVISE or EXIT. */
    for (;; process->at++)
        run(process, &process->program->instructions[process->at]);
}
