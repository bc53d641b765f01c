/* SPDX-License-Identifier: Apache-2.0 */
/* A launch program in memory: the check that it is well formed, and access to its parts. No syscalls. */
#ifndef VNFKIT_PROGRAM_H
#define VNFKIT_PROGRAM_H

#include <stdint.h>

#include "abi.h"

/* What is wrong with a program: the value of the FAILED record, so that a defect of the encoder can be found. */
enum damage {
    UNDAMAGED = 0,
    DAMAGED_SIZE = 1,          /* too short, too long, or not the size that the header says */
    DAMAGED_MAGIC = 2,         /* not a launch program, or of another version */
    DAMAGED_LAYOUT = 3,        /* counts, offsets and sizes of the header do not fit each other */
    DAMAGED_END_OF_DATA = 4,   /* the last data byte is not 0 */
    DAMAGED_RELOCATION = 5,    /* out of bounds, unaligned, or not ascending */
    DAMAGED_OPCODE = 6,        /* unknown, or not allowed in this section */
    DAMAGED_RESERVED = 7,      /* a field or argument that the opcode does not use is not 0 */
    DAMAGED_ARGUMENT_KIND = 8, /* unknown, or not allowed for this argument */
    DAMAGED_DATA_OFFSET = 9,   /* behind the end of the data, or an unaligned vector */
    DAMAGED_SLOT = 10,         /* no such slot, or read before it was written */
    DAMAGED_VALUE = 11,        /* an immediate value that the opcode does not take */
    DAMAGED_SECTION = 12,      /* second CLONE, wrong entry, or no SUPERVISE or EXIT at the end */
};

struct program {
    uint8_t *base;
    uint32_t size;
    uint32_t instruction_count;
    uint32_t relocation_count;
    uint32_t data_size;
    const struct instruction *instructions;
    const uint32_t *relocations;
    uint8_t *data;
};

/* Where the check of a program stopped. */
struct finding {
    enum damage damage;
    uint32_t instruction; /* NO_INSTRUCTION: header, relocations, or data */
};

/*
 * Checks size bytes at base (8-aligned) and fills in the program. After UNDAMAGED every access of the init to the
 * program is in bounds, whatever the syscalls of the program do to its data: the instructions are outside the data.
 */
struct finding program_open(struct program *program, uint8_t *base, uint64_t size);

/* Turns the data offsets in relocated words into pointers. Once, after program_open. */
void program_relocate(const struct program *program);

#endif
