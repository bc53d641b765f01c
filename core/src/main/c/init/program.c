/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of a program file: header, relocations, data. The instructions are checked in section.c. */
#include "program.h"

#include <stddef.h>

#include "section.h"

/* The last word of the data is never relocated: it holds the 0 byte that ends the last string. */
static int relocations_fit(const struct program *program)
{
    uint64_t lowest = 0;

    for (uint32_t i = 0; i < program->relocation_count; i++) {
        uint64_t offset = program->relocations[i];

        if (offset % 8 != 0 || offset < lowest || offset + 8 >= program->data_size)
            return 0;
        if (*(const uint64_t *)(program->data + offset) >= program->data_size)
            return 0;
        /* Ascending, so that no word is relocated twice. */
        lowest = offset + 8;
    }
    return 1;
}

static int layout_fits(const struct program_header *header, uint64_t size)
{
    /* 64-bit sums of 32-bit fields cannot overflow. */
    uint64_t relocations = sizeof(*header) + (uint64_t)header->instruction_count * sizeof(struct instruction);
    uint64_t data = (relocations + (uint64_t)header->relocation_count * sizeof(uint32_t) + 7) & ~UINT64_C(7);

    for (size_t i = 0; i < sizeof(header->reserved) / sizeof(header->reserved[0]); i++)
        if (header->reserved[i] != 0)
            return 0;
    return header->header_size == sizeof(*header)
        && header->instruction_count >= 1 && header->instruction_count <= MAX_INSTRUCTIONS
        && header->instruction_offset == sizeof(*header)
        && header->relocation_offset == relocations
        && header->data_offset == data
        && header->data_size >= 8 && header->data_size % 8 == 0
        && data + header->data_size == size
        && header->slot_count <= MAX_SLOTS;
}

static struct finding damaged(enum damage damage)
{
    return (struct finding){damage, NO_INSTRUCTION};
}

struct finding program_open(struct program *program, uint8_t *base, uint64_t size)
{
    const struct program_header *header = (const struct program_header *)base;

    if (size < sizeof(*header) || size > MAX_PROGRAM_SIZE)
        return damaged(DAMAGED_SIZE);
    if (header->magic != PROGRAM_MAGIC || header->version != PROGRAM_VERSION)
        return damaged(DAMAGED_MAGIC);
    if (header->total_size != size)
        return damaged(DAMAGED_SIZE);
    if (!layout_fits(header, size))
        return damaged(DAMAGED_LAYOUT);

    program->base = base;
    program->size = (uint32_t)size;
    program->instruction_count = header->instruction_count;
    program->relocation_count = header->relocation_count;
    program->data_size = header->data_size;
    program->instructions = (const struct instruction *)(base + header->instruction_offset);
    program->relocations = (const uint32_t *)(base + header->relocation_offset);
    program->data = base + header->data_offset;

    if (program->data[program->data_size - 1] != 0)
        return damaged(DAMAGED_END_OF_DATA);
    if (!relocations_fit(program))
        return damaged(DAMAGED_RELOCATION);
    return sections_check(program, header->slot_count);
}

void program_relocate(const struct program *program)
{
    for (uint32_t i = 0; i < program->relocation_count; i++) {
        uint64_t *word = (uint64_t *)(program->data + program->relocations[i]);

        *word += (uint64_t)(uintptr_t)program->data;
    }
}
