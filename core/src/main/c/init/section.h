/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a program's instructions, one section (process) after the other. No syscalls. */
#ifndef VNFKIT_SECTION_H
#define VNFKIT_SECTION_H

#include "program.h"

struct finding sections_check(const struct program *program, uint32_t slot_count);

#endif
