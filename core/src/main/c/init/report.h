/* SPDX-License-Identifier: Apache-2.0 */
/* What the init tells Java through the report pipe. */
#ifndef VNFKIT_REPORT_H
#define VNFKIT_REPORT_H

#include <stdint.h>

#include "abi.h"

void report_started(const struct instruction *instruction, uint32_t index, uint64_t value);

void report_failed(const struct instruction *instruction, uint32_t index, int error, uint64_t value);

/* A failure before the first instruction. */
void report_failed_start(int error, uint64_t value);

#endif
