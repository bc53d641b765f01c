/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VNFKIT_EXECUTE_H
#define VNFKIT_EXECUTE_H

#include "process.h"

/* Carries out a checked and relocated program from its first instruction, in this process and its children. */
_Noreturn void execute(struct process *process);

#endif
