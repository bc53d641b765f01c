/* SPDX-License-Identifier: Apache-2.0 */
/* The check of launch programs and the patch functions, in an ordinary hosted process. Ends with 1 on a failure. */
#include <asm/unistd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "patch.h"
#include "program.h"
#include "syscall.h"

static int checks;
static int failures;

#define CHECK(condition, ...) \
    do { \
        checks++; \
        if (!(condition)) { \
            failures++; \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__); \
            fprintf(stderr, "\n"); \
        } \
    } while (0)

/* Opens a copy of the bytes that ends where they end, so that a sanitizer sees every access behind them. */
static struct finding open_bytes(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    struct program program;
    struct finding finding;

    memcpy(copy, bytes, size);
    finding = program_open(&program, copy, size);
    free(copy);
    return finding;
}

static struct finding open_image(const struct image *image)
{
    uint8_t bytes[IMAGE_MAX_SIZE];

    return open_bytes(bytes, image_write(image, bytes));
}

static void expect_damage(const struct image *image, enum damage damage, uint32_t instruction, const char *what)
{
    struct finding finding = open_image(image);

    CHECK(finding.damage == damage && finding.instruction == instruction, "%s: damage %d at %u", what,
          finding.damage, finding.instruction);
}

static void accepts_a_whole_program(void)
{
    struct image image = image_of_everything();

    CHECK(open_image(&image).damage == UNDAMAGED, "damage %d at %u", open_image(&image).damage,
          open_image(&image).instruction);
}

static void refuses_every_cut(void)
{
    struct image image = image_of_everything();
    uint8_t bytes[IMAGE_MAX_SIZE];
    size_t size = image_write(&image, bytes);

    for (size_t cut = 0; cut < size; cut++)
        CHECK(open_bytes(bytes, cut).damage == DAMAGED_SIZE, "cut to %zu", cut);
}

static void refuses_a_damaged_header(void)
{
    struct image image = image_of_everything();
    uint8_t bytes[IMAGE_MAX_SIZE];
    size_t size = image_write(&image, bytes);

    /* All fields but the slot count are fixed by the rest of the file. */
    for (size_t at = 0; at < sizeof(struct program_header); at++) {
        if (at >= offsetof(struct program_header, slot_count) && at < offsetof(struct program_header, reserved))
            continue;
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (uint8_t)(1 << bit);
            CHECK(open_bytes(bytes, size).damage != UNDAMAGED, "bit %d of header byte %zu", bit, at);
            bytes[at] ^= (uint8_t)(1 << bit);
        }
    }
}

static void refuses_too_many(void)
{
    struct image image = image_of_everything();

    image.slot_count = MAX_SLOTS + 1;
    expect_damage(&image, DAMAGED_LAYOUT, NO_INSTRUCTION, "257 slots");
    image = image_of_everything();
    image.count = 0;
    expect_damage(&image, DAMAGED_LAYOUT, NO_INSTRUCTION, "no instruction");
    image = image_of_everything();
    image.data_size = 0;
    image.relocation_count = 0;
    expect_damage(&image, DAMAGED_LAYOUT, NO_INSTRUCTION, "no data");
}

static void refuses_a_string_without_end(void)
{
    struct image image = image_of_everything();

    image.data[image.data_size - 1] = 'x';
    expect_damage(&image, DAMAGED_END_OF_DATA, NO_INSTRUCTION, "last byte");
}

static void refuses_bad_relocations(void)
{
    struct image image = image_of_everything();
    uint32_t word = image.relocations[0];

    image.relocations[0] = word + 1;
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "unaligned");
    image.relocations[0] = image.data_size;
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "behind the data");
    image.relocations[0] = image.data_size - 8;
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "last word");
    image.relocations[0] = ~0u & ~7u;
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "overflow");
    image.relocations[0] = word;
    image.relocations[1] = word;
    image.relocation_count = 2;
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "twice");
    image = image_of_everything();
    memset(image.data + word, 0xff, 8);
    expect_damage(&image, DAMAGED_RELOCATION, NO_INSTRUCTION, "target behind the data");
}

static void refuses_unknown_opcodes(void)
{
    for (unsigned opcode = 0; opcode <= UINT16_MAX; opcode++) {
        struct image image = image_of_everything();

        if (opcode >= OP_SYSCALL && opcode < OP_COUNT)
            continue;
        image.instructions[12].opcode = (uint16_t)opcode;
        expect_damage(&image, DAMAGED_OPCODE, 12, "opcode");
    }
}

static void refuses_bad_arguments(void)
{
    struct image image = image_of_everything();

    image.instructions[15].kind[3] = 4;
    expect_damage(&image, DAMAGED_ARGUMENT_KIND, 15, "unknown kind");
    image = image_of_everything();
    image_argument(&image.instructions[8], 0, KIND_DATA, 0);
    expect_damage(&image, DAMAGED_ARGUMENT_KIND, 8, "data where a number is taken");
    image = image_of_everything();
    image.instructions[15].argument[0] = image.data_size;
    expect_damage(&image, DAMAGED_DATA_OFFSET, 15, "data offset");
    image = image_of_everything();
    image.instructions[15].argument[1]++;
    expect_damage(&image, DAMAGED_DATA_OFFSET, 15, "unaligned vector");
    image = image_of_everything();
    image.instructions[1].argument[0] = 1;
    expect_damage(&image, DAMAGED_RESERVED, 1, "argument that is not used");
    image = image_of_everything();
    image.instructions[1].number = 1;
    expect_damage(&image, DAMAGED_RESERVED, 1, "number that is not used");
    image = image_of_everything();
    image.instructions[1].tolerated[2] = 1;
    expect_damage(&image, DAMAGED_RESERVED, 1, "errno that is not used");
    image = image_of_everything();
    image.instructions[1].reserved = 1;
    expect_damage(&image, DAMAGED_RESERVED, 1, "reserved field");
    image = image_of_everything();
    image.instructions[1].result_slot = 0;
    expect_damage(&image, DAMAGED_RESERVED, 1, "result that does not exist");
    image = image_of_everything();
    image.instructions[15].number = -1;
    expect_damage(&image, DAMAGED_VALUE, 15, "negative syscall number");
}

static void refuses_bad_slots(void)
{
    struct image image = image_of_everything();

    image.instructions[15].result_slot = 4;
    expect_damage(&image, DAMAGED_SLOT, 15, "no such result slot");
    image = image_of_everything();
    image_argument(&image.instructions[8], 0, KIND_SLOT, 3);
    expect_damage(&image, DAMAGED_SLOT, 8, "never written");
    image = image_of_everything();
    image_argument(&image.instructions[15], 3, KIND_SLOT, 0);
    expect_damage(&image, DAMAGED_SLOT, 15, "written by the parent after the clone");
    image = image_of_everything();
    image_argument(&image.instructions[8], 0, KIND_SLOT, UINT64_MAX);
    expect_damage(&image, DAMAGED_SLOT, 8, "slot far out");
}

/* Moves the data of instruction i so that size bytes end exactly at, or one byte before, the end of the data. */
static void check_extent(int i, int argument, uint32_t size, int writes, const char *what)
{
    struct image image = image_of_everything();
    uint32_t last = image.data_size - size;

    image.instructions[i].argument[argument] = last - (writes ? 1 : 0);
    CHECK(open_image(&image).damage == UNDAMAGED, "%s: damage %d", what, open_image(&image).damage);
    image.instructions[i].argument[argument] = last + (writes ? 0 : 1);
    expect_damage(&image, DAMAGED_DATA_OFFSET, (uint32_t)i, what);
    image.instructions[i].argument[argument] = UINT64_MAX;
    expect_damage(&image, DAMAGED_DATA_OFFSET, (uint32_t)i, what);
}

static void keeps_patches_inside_the_data(void)
{
    struct image image = image_of_everything();

    check_extent(2, 1, 4, 1, "STORE32");
    check_extent(3, 1, 20, 1, "FORMAT_DECIMAL");
    check_extent(4, 0, 8, 0, "LOAD");
    check_extent(5, 0, 4, 0, "EXPECT");
    image.instructions[6].argument[2] = image.data_size;
    expect_damage(&image, DAMAGED_DATA_OFFSET, 6, "NETLINK behind the data");
    image.instructions[6].argument[2] = UINT64_MAX;
    expect_damage(&image, DAMAGED_DATA_OFFSET, 6, "NETLINK length overflow");
    image.instructions[6].argument[2] = 15;
    expect_damage(&image, DAMAGED_VALUE, 6, "NETLINK shorter than its header");
}

static void expect_bad_value(int i, int argument, uint64_t value, const char *what)
{
    struct image image = image_of_everything();

    image.instructions[i].argument[argument] = value;
    expect_damage(&image, DAMAGED_VALUE, (uint32_t)i, what);
}

static void refuses_bad_values(void)
{
    expect_bad_value(0, 0, 0x100, "CLONE_VM");
    expect_bad_value(0, 0, 0x8000, "CLONE_PARENT");
    expect_bad_value(3, 2, 0, "no width");
    expect_bad_value(3, 2, 21, "width 21");
    expect_bad_value(4, 1, 3, "word of 3 bytes");
    expect_bad_value(5, 4, 16, "word of 16 bytes");
    expect_bad_value(5, 3, 0, "no errno");
    expect_bad_value(5, 3, 4096, "errno too large");
    expect_bad_value(9, 0, SUPERVISE_INNER, "inner supervisor on the host");
    expect_bad_value(9, 1, 2, "not a truth value");
    expect_bad_value(12, 0, SUPERVISE_OUTER, "outer supervisor inside");
    expect_bad_value(12, 2, 5, "inner supervisor with a descriptor");
    expect_bad_value(14, 0, 2, "closes stdio");
    expect_bad_value(16, 0, 256, "exit status");
}

static void refuses_bad_sections(void)
{
    struct image image = image_of_everything();

    image.instructions[0].argument[2] = 11;
    expect_damage(&image, DAMAGED_SECTION, 9, "wrong entry");
    image = image_of_everything();
    image.count--;
    expect_damage(&image, DAMAGED_SECTION, 15, "no end");
    image = image_of_everything();
    image_argument(image_add(&image, OP_EXIT), 0, KIND_IMMEDIATE, 0);
    expect_damage(&image, DAMAGED_SECTION, 16, "instruction after the last section");
    image = image_of_everything();
    image.instructions[8] = image.instructions[0];
    expect_damage(&image, DAMAGED_SECTION, 8, "second clone");
    image = image_of_everything();
    image.instructions[10].opcode = OP_AWAIT_CHILD;
    expect_damage(&image, DAMAGED_SECTION, 10, "awaits a child before the clone");
    image = image_of_everything();
    image.instructions[7].opcode = OP_BARRIER;
    expect_damage(&image, DAMAGED_SECTION, 7, "barrier without a parent");
}

static void relocates_pointers(void)
{
    struct image image = image_of_everything();
    uint8_t *bytes = malloc(IMAGE_MAX_SIZE);
    struct program program;
    const char *const *vector;

    CHECK(program_open(&program, bytes, image_write(&image, bytes)).damage == UNDAMAGED, "open");
    program_relocate(&program);
    vector = (const char *const *)(program.data + image.relocations[0]);
    CHECK(strcmp(vector[0], "/bin/true") == 0 && vector[1] == NULL, "argv");
    free(bytes);
}

static void formats_decimals(void)
{
    uint8_t text[24];

    memset(text, '#', sizeof(text));
    CHECK(format_decimal(text + 1, 6, 1234) == 0 && memcmp(text, "#//1234#", 8) == 0, "%.8s", (char *)text);
    CHECK(format_decimal(text + 1, 1, 0) == 0 && memcmp(text, "#0", 2) == 0, "%.2s", (char *)text);
    CHECK(format_decimal(text, 20, UINT64_MAX) == 0 && memcmp(text, "18446744073709551615", 20) == 0, "%.20s",
          (char *)text);
    CHECK(format_decimal(text, 3, 1000) == -EOVERFLOW && memcmp(text, "184", 3) == 0, "%.3s", (char *)text);
}

static void loads_and_stores_words(void)
{
    uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 0x88, 9};

    CHECK(load_word(bytes, 4) == 0x04030201, "%llx", (unsigned long long)load_word(bytes, 4));
    CHECK(load_word(bytes, 8) == UINT64_C(0x8807060504030201), "%llx", (unsigned long long)load_word(bytes, 8));
    store32(bytes + 1, UINT64_C(0xffffffffa0b0c0d0));
    CHECK(memcmp(bytes, "\1\xd0\xc0\xb0\xa0\6", 6) == 0, "stored");
}

#define SAME_NUMBER(name) _Static_assert(SYS_##name == __NR_##name, "number of " #name)
#ifndef __NR_mmap
#define __NR_mmap __NR3264_mmap
#endif
SAME_NUMBER(read);
SAME_NUMBER(write);
SAME_NUMBER(close);
SAME_NUMBER(lseek);
SAME_NUMBER(mmap);
SAME_NUMBER(munmap);
SAME_NUMBER(rt_sigaction);
SAME_NUMBER(rt_sigprocmask);
SAME_NUMBER(pwrite64);
SAME_NUMBER(socketpair);
SAME_NUMBER(wait4);
SAME_NUMBER(kill);
SAME_NUMBER(fcntl);
SAME_NUMBER(exit_group);
SAME_NUMBER(ppoll);
SAME_NUMBER(signalfd4);
SAME_NUMBER(dup3);
SAME_NUMBER(clone3);
SAME_NUMBER(close_range);

int main(void)
{
    accepts_a_whole_program();
    refuses_every_cut();
    refuses_a_damaged_header();
    refuses_too_many();
    refuses_a_string_without_end();
    refuses_bad_relocations();
    refuses_unknown_opcodes();
    refuses_bad_arguments();
    refuses_bad_slots();
    keeps_patches_inside_the_data();
    refuses_bad_values();
    refuses_bad_sections();
    relocates_pointers();
    formats_decimals();
    loads_and_stores_words();
    printf("program_test: %d checks, %d failures\n", checks, failures);
    return failures != 0;
}
