/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "syscall.h"

/* A reader that is gone leaves nobody to tell: the result of the write does not matter. */
static void send(const struct report_record *record)
{
    while (sys_write(FD_REPORT, record, sizeof(*record)) == -EINTR)
        continue;
}

void report_started(const struct instruction *instruction, uint32_t index, uint64_t value)
{
    const struct report_record record = {
        .magic = REPORT_MAGIC,
        .kind = REPORT_STARTED,
        .step = instruction->step,
        .instruction = index,
        .opcode = instruction->opcode,
        .value = value,
    };

    send(&record);
}

void report_failed(const struct instruction *instruction, uint32_t index, int error, uint64_t value)
{
    const struct report_record record = {
        .magic = REPORT_MAGIC,
        .kind = REPORT_FAILED,
        .step = instruction->step,
        .instruction = index,
        .error = error,
        .opcode = instruction->opcode,
        .value = value,
    };

    send(&record);
}

void report_failed_start(int error, uint64_t value)
{
    const struct report_record record = {
        .magic = REPORT_MAGIC,
        .kind = REPORT_FAILED,
        .instruction = NO_INSTRUCTION,
        .error = error,
        .value = value,
    };

    send(&record);
}
