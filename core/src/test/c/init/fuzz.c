/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the check of launch programs and their execution on a fake kernel, to be built with sanitizers.
 *
 * Promises that are checked beside memory safety: a program that passed the check never makes the init change its
 * instructions, and leaves the byte that ends the last string alone.
 *
 * Alone it mutates whole programs from a seed: fuzz [SEED [ROUNDS]]. With clang -fsanitize=fuzzer -DLIBFUZZER it takes
 * its input from there, and needs a whole program to start from: fuzz example FILE writes one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "image.h"
#include "process.h"
#include "program.h"

static void fail(const char *what)
{
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

static void execute_copy(const struct program *program, const uint8_t *original, uint64_t seed)
{
    size_t code = (size_t)(program->data - program->base);
    /* On the heap: the stack holds buffers of the init only. */
    struct process *process = calloc(1, sizeof(*process));

    process->program = program;
    process->outermost = 1;
    process->to_child = -1;
    process->to_parent = -1;
    /* A slot that is read before it is written shows as a strange value, not as an innocent 0. */
    memset(process->slots, 0xa5, sizeof(process->slots));
    program_relocate(program);
    fake_kernel_run(process, seed);
    if (memcmp(program->base, original, code) != 0)
        fail("the init changed its instructions");
    if (program->data[program->data_size - 1] != 0)
        fail("the init overwrote the end of the last string");
    free(process);
}

/* Whether the program passed the check. */
static int try_program(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    struct program program;
    uint64_t seed = size;
    int passed;

    memcpy(copy, bytes, size);
    for (size_t i = 0; i < size; i++)
        seed = seed * 31 + bytes[i];
    passed = program_open(&program, copy, size).damage == UNDAMAGED;
    if (passed)
        execute_copy(&program, bytes, seed);
    free(copy);
    return passed;
}

#ifdef LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    try_program(bytes, size);
    return 0;
}

#else

static uint64_t state;

static uint64_t below(uint64_t bound)
{
    return next_random(&state) % bound;
}

static uint64_t interesting(uint64_t size)
{
    switch (below(6)) {
    case 0:
        return below(16);
    case 1:
        return size - below(80);
    case 2:
        return UINT64_MAX - below(16);
    case 3:
        return UINT64_C(1) << below(64);
    case 4:
        return below(size);
    default:
        return next_random(&state);
    }
}

static void mutate_field(struct image *image)
{
    struct instruction *instruction = &image->instructions[below(image->count)];
    int i = (int)below(ARGUMENTS);

    switch (below(8)) {
    case 0:
        instruction->opcode = (uint16_t)below(OP_COUNT + 1);
        break;
    case 1:
        instruction->kind[i] = (uint8_t)below(5);
        break;
    case 2:
        instruction->result_slot = (uint16_t)(below(2) == 0 ? NO_SLOT : below(300));
        break;
    case 3:
        instruction->tolerated[below(TOLERATED)] = (uint16_t)(below(2) == 0 ? ANY_ERRNO : below(40));
        break;
    case 4:
        instruction->number = (int32_t)interesting(500);
        break;
    case 5:
        image->slot_count = (uint32_t)below(300);
        break;
    default:
        instruction->argument[i] = interesting(image->data_size);
    }
}

static void mutate_structure(struct image *image)
{
    struct instruction *instruction = &image->instructions[below(image->count)];

    switch (below(4)) {
    case 0:
        *instruction = image->instructions[below(image->count)];
        break;
    case 1:
        image->relocations[image->relocation_count++] = (uint32_t)interesting(image->data_size);
        break;
    case 2:
        image->data[below(image->data_size)] = (uint8_t)below(256);
        break;
    default:
        image->count -= image->count > 1 ? (uint32_t)below(2) : 0;
    }
}

static size_t mutated(uint8_t *bytes)
{
    struct image image = image_of_everything();
    size_t size;

    for (uint64_t n = below(4); n > 0; n--)
        mutate_field(&image);
    for (uint64_t n = below(2); n > 0; n--)
        mutate_structure(&image);
    size = image_write(&image, bytes);
    if (below(4) != 0)
        return size;
    for (uint64_t n = below(4); n > 0; n--)
        bytes[below(size)] ^= (uint8_t)(1 << below(8));
    return below(4) == 0 ? below(size + 1) : size;
}

static int write_example(const char *path)
{
    struct image image = image_of_everything();
    uint8_t bytes[IMAGE_MAX_SIZE];
    size_t size = image_write(&image, bytes);
    FILE *file = fopen(path, "wb");

    return file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0;
}

static int fuzz(int count, char **arguments)
{
    unsigned long seed = count > 1 ? strtoul(arguments[1], NULL, 0) : 1;
    unsigned long rounds = count > 2 ? strtoul(arguments[2], NULL, 0) : 100000;
    unsigned long passed = 0;
    uint8_t bytes[IMAGE_MAX_SIZE];

    state = seed;
    for (unsigned long i = 0; i < rounds; i++)
        passed += (unsigned long)try_program(bytes, mutated(bytes));
    printf("fuzz: seed %lu, %lu programs, %lu passed the check and were executed\n", seed, rounds, passed);
    /* Less would mean that the mutations no longer reach the execution. */
    return passed < rounds / 20;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "example") == 0)
        return write_example(arguments[2]);
    return fuzz(count, arguments);
}

#endif
