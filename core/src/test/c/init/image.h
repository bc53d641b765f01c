/* SPDX-License-Identifier: Apache-2.0 */
/* A launch program that tests put together by hand, to damage it field by field. */
#ifndef VNFKIT_TEST_IMAGE_H
#define VNFKIT_TEST_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

#define IMAGE_INSTRUCTIONS 32
#define IMAGE_RELOCATIONS 16
#define IMAGE_DATA 512
#define IMAGE_MAX_SIZE (64 + IMAGE_INSTRUCTIONS * 72 + IMAGE_RELOCATIONS * 4 + IMAGE_DATA)

struct image {
    struct instruction instructions[IMAGE_INSTRUCTIONS];
    uint32_t count;
    uint32_t relocations[IMAGE_RELOCATIONS];
    uint32_t relocation_count;
    uint8_t data[IMAGE_DATA];
    uint32_t data_size; /* a multiple of 8 */
    uint32_t slot_count;
};

/* Appends an instruction without result and arguments. */
struct instruction *image_add(struct image *image, uint16_t opcode);

void image_argument(struct instruction *instruction, int i, enum argument_kind kind, uint64_t value);

/* Appends a string, padded to 8 bytes; returns its data offset. */
uint32_t image_string(struct image *image, const char *text);

/* Appends a relocated word; returns its data offset. */
uint32_t image_pointer(struct image *image, uint32_t target);

/* Writes the file; returns its size. */
size_t image_write(const struct image *image, uint8_t *to);

/* A program with every opcode: a supervisor, a first process, and a VNF. */
struct image image_of_everything(void);

#endif
