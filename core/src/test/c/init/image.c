/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

#include <string.h>

#include "uapi.h"

struct instruction *image_add(struct image *image, uint16_t opcode)
{
    struct instruction *instruction = &image->instructions[image->count++];

    memset(instruction, 0, sizeof(*instruction));
    instruction->opcode = opcode;
    instruction->result_slot = NO_SLOT;
    return instruction;
}

void image_argument(struct instruction *instruction, int i, enum argument_kind kind, uint64_t value)
{
    instruction->kind[i] = (uint8_t)kind;
    instruction->argument[i] = value;
}

uint32_t image_string(struct image *image, const char *text)
{
    uint32_t offset = image->data_size;

    strcpy((char *)image->data + offset, text);
    image->data_size = (uint32_t)(offset + strlen(text) + 1 + 7) & ~7u;
    return offset;
}

uint32_t image_pointer(struct image *image, uint32_t target)
{
    uint32_t offset = image->data_size;
    uint64_t value = target;

    memcpy(image->data + offset, &value, sizeof(value));
    image->relocations[image->relocation_count++] = offset;
    image->data_size += 8;
    return offset;
}

size_t image_write(const struct image *image, uint8_t *to)
{
    struct program_header header = {
        .magic = PROGRAM_MAGIC,
        .version = PROGRAM_VERSION,
        .header_size = sizeof(header),
        .instruction_count = image->count,
        .instruction_offset = sizeof(header),
        .relocation_count = image->relocation_count,
        .data_size = image->data_size,
        .slot_count = image->slot_count,
    };

    header.relocation_offset = (uint32_t)(sizeof(header) + image->count * sizeof(struct instruction));
    header.data_offset = (header.relocation_offset + image->relocation_count * 4 + 7) & ~7u;
    header.total_size = header.data_offset + image->data_size;
    memset(to, 0, header.total_size);
    memcpy(to, &header, sizeof(header));
    memcpy(to + header.instruction_offset, image->instructions, image->count * sizeof(struct instruction));
    memcpy(to + header.relocation_offset, image->relocations, image->relocation_count * 4);
    memcpy(to + header.data_offset, image->data, image->data_size);
    return header.total_size;
}

static struct instruction *add_clone(struct image *image, uint16_t slot, uint64_t flags, uint64_t entry)
{
    struct instruction *clone = image_add(image, OP_CLONE);

    clone->result_slot = slot;
    image_argument(clone, 0, KIND_IMMEDIATE, flags);
    image_argument(clone, 2, KIND_IMMEDIATE, entry);
    return clone;
}

static void add_supervise(struct image *image, enum supervise_mode mode, uint64_t dies_with_jvm, uint64_t descriptor)
{
    struct instruction *supervise = image_add(image, OP_SUPERVISE);

    image_argument(supervise, 0, KIND_IMMEDIATE, mode);
    image_argument(supervise, 1, KIND_IMMEDIATE, dies_with_jvm);
    image_argument(supervise, 2, KIND_IMMEDIATE, descriptor);
    image_argument(supervise, 3, KIND_IMMEDIATE, NO_DESCRIPTOR);
}

static void add_patches(struct image *image, uint32_t buffer)
{
    struct instruction *instruction = image_add(image, OP_STORE32);

    image_argument(instruction, 0, KIND_SLOT, 0);
    image_argument(instruction, 1, KIND_DATA, buffer + 16);
    instruction = image_add(image, OP_FORMAT_DECIMAL);
    image_argument(instruction, 0, KIND_SLOT, 0);
    image_argument(instruction, 1, KIND_DATA, buffer + 20);
    image_argument(instruction, 2, KIND_IMMEDIATE, 20);
    instruction = image_add(image, OP_LOAD);
    instruction->result_slot = 1;
    image_argument(instruction, 0, KIND_DATA, buffer + 3);
    image_argument(instruction, 1, KIND_IMMEDIATE, 8);
    instruction = image_add(image, OP_EXPECT);
    image_argument(instruction, 0, KIND_DATA, buffer);
    image_argument(instruction, 1, KIND_IMMEDIATE, 0);
    image_argument(instruction, 3, KIND_IMMEDIATE, EINVAL);
    image_argument(instruction, 4, KIND_IMMEDIATE, 4);
    instruction = image_add(image, OP_NETLINK);
    instruction->tolerated[0] = ANY_ERRNO;
    image_argument(instruction, 0, KIND_SLOT, 0);
    image_argument(instruction, 1, KIND_DATA, buffer);
    image_argument(instruction, 2, KIND_IMMEDIATE, 40);
}

struct image image_of_everything(void)
{
    struct image image = {.slot_count = 4};
    uint32_t path = image_string(&image, "/bin/true");
    uint32_t vector = image_pointer(&image, path);
    uint32_t buffer = vector + 16;
    struct instruction *instruction;

    /* The null pointer of the vector, a netlink message, and the last word. */
    image.data_size += 8 + 64;
    image.data[buffer + 6] = NLM_F_ACK;
    add_clone(&image, 0, CLONE_NEWPID | CLONE_NEWNS, 10);
    image_add(&image, OP_AWAIT_CHILD);
    add_patches(&image, buffer);
    image_add(&image, OP_RELEASE_CHILD);
    image_argument(image_add(&image, OP_REPORT), 0, KIND_SLOT, 0);
    add_supervise(&image, SUPERVISE_OUTER, 1, 5);

    image_add(&image, OP_BARRIER);
    add_clone(&image, 2, 0, 13);
    add_supervise(&image, SUPERVISE_INNER, 0, NO_DESCRIPTOR);

    image_add(&image, OP_CLEAR_SIGNALS);
    image_argument(image_add(&image, OP_CLOSE_FROM), 0, KIND_IMMEDIATE, 3);
    instruction = image_add(&image, OP_SYSCALL);
    instruction->number = 59;
    instruction->result_slot = 3;
    instruction->tolerated[0] = 2;
    image_argument(instruction, 0, KIND_DATA, path);
    image_argument(instruction, 1, KIND_VECTOR, vector);
    image_argument(instruction, 2, KIND_VECTOR, vector + 8);
    image_argument(image_add(&image, OP_EXIT), 0, KIND_IMMEDIATE, 125);
    return image;
}
