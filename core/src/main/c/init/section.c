/* SPDX-License-Identifier: Apache-2.0 */
#include "section.h"

#include "patch.h"
#include "uapi.h"

#define IMMEDIATE (1u << KIND_IMMEDIATE)
#define DATA (1u << KIND_DATA)
#define SLOT (1u << KIND_SLOT)
#define VECTOR (1u << KIND_VECTOR)
#define NUMBER (IMMEDIATE | SLOT)
#define ANY (IMMEDIATE | DATA | SLOT | VECTOR)

#define ALLOWED_CLONE_FLAGS \
    (CLONE_NEWTIME | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID \
     | CLONE_NEWNET | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP)

/* Which argument kinds an opcode takes (0: the argument is unused), and what else it may have. */
struct shape {
    uint8_t kinds[ARGUMENTS];
    uint8_t has_result;
    uint8_t tolerates;
    uint8_t has_number;
};

static const struct shape shapes[OP_COUNT] = {
    [OP_SYSCALL] = {{ANY, ANY, ANY, ANY, ANY, ANY}, 1, 1, 1},
    [OP_CLONE] = {{IMMEDIATE, NUMBER, IMMEDIATE}, 1, 0, 0},
    [OP_STORE32] = {{NUMBER, DATA}, 0, 0, 0},
    [OP_FORMAT_DECIMAL] = {{NUMBER, DATA, IMMEDIATE}, 0, 0, 0},
    [OP_NETLINK] = {{NUMBER, DATA, IMMEDIATE}, 0, 1, 0},
    [OP_EXPECT] = {{DATA | SLOT, IMMEDIATE, NUMBER, IMMEDIATE, IMMEDIATE}, 0, 0, 0},
    [OP_REPORT] = {{NUMBER}, 0, 0, 0},
    [OP_SUPERVISE] = {{IMMEDIATE, IMMEDIATE, NUMBER, NUMBER}, 0, 0, 0},
    [OP_EXIT] = {{IMMEDIATE}, 0, 0, 0},
    [OP_CLOSE_FROM] = {{IMMEDIATE}, 0, 0, 0},
    [OP_LOAD] = {{DATA, IMMEDIATE}, 1, 0, 0},
};

/* The state of the walk over one section. */
struct section {
    const struct program *program;
    uint32_t slot_count;
    int outermost;
    int cloned;
    uint64_t entry; /* of the cloned child */
    uint8_t written[MAX_SLOTS / 8];
};

static int is_written(const struct section *section, uint64_t slot)
{
    return slot < section->slot_count && (section->written[slot / 8] >> (slot % 8) & 1);
}

static enum damage check_argument(const struct section *section, const struct instruction *instruction, int i,
                                  uint8_t kinds)
{
    uint64_t value = instruction->argument[i];
    uint8_t kind = instruction->kind[i];

    if (kinds == 0)
        return kind == KIND_IMMEDIATE && value == 0 ? UNDAMAGED : DAMAGED_RESERVED;
    if (kind > KIND_VECTOR || !(kinds >> kind & 1))
        return DAMAGED_ARGUMENT_KIND;
    if (kind == KIND_SLOT && !is_written(section, value))
        return DAMAGED_SLOT;
    if ((kind == KIND_DATA || kind == KIND_VECTOR) && value >= section->program->data_size)
        return DAMAGED_DATA_OFFSET;
    if (kind == KIND_VECTOR && value % 8 != 0)
        return DAMAGED_DATA_OFFSET;
    return UNDAMAGED;
}

static enum damage check_shape(const struct section *section, const struct instruction *instruction)
{
    const struct shape *shape;

    if (instruction->opcode < OP_SYSCALL || instruction->opcode >= OP_COUNT)
        return DAMAGED_OPCODE;
    shape = &shapes[instruction->opcode];
    if (instruction->reserved != 0 || (!shape->has_number && instruction->number != 0))
        return DAMAGED_RESERVED;
    if (shape->has_number && instruction->number < 0)
        return DAMAGED_VALUE;
    for (int i = 0; i < TOLERATED; i++)
        if (!shape->tolerates && instruction->tolerated[i] != 0)
            return DAMAGED_RESERVED;
    if (!shape->has_result && instruction->result_slot != NO_SLOT)
        return DAMAGED_RESERVED;
    if (instruction->result_slot != NO_SLOT && instruction->result_slot >= section->slot_count)
        return DAMAGED_SLOT;
    for (int i = 0; i < ARGUMENTS; i++) {
        enum damage damage = check_argument(section, instruction, i, shape->kinds[i]);

        if (damage != UNDAMAGED)
            return damage;
    }
    return UNDAMAGED;
}

static int reads_fit(const struct section *section, uint64_t offset, uint64_t size)
{
    return size <= section->program->data_size && offset <= section->program->data_size - size;
}

/* The last byte of the data stays 0. */
static int writes_fit(const struct section *section, uint64_t offset, uint64_t size)
{
    return size < section->program->data_size && offset < section->program->data_size - size;
}

static enum damage check_word(const struct section *section, uint64_t offset, uint64_t size)
{
    if (size != 4 && size != 8)
        return DAMAGED_VALUE;
    return reads_fit(section, offset, size) ? UNDAMAGED : DAMAGED_DATA_OFFSET;
}

static enum damage check_expect(const struct section *section, const struct instruction *instruction)
{
    if (instruction->argument[3] == 0 || instruction->argument[3] > MAX_ERRNO)
        return DAMAGED_VALUE;
    if (instruction->kind[0] == KIND_DATA)
        return check_word(section, instruction->argument[0], instruction->argument[4]);
    return instruction->argument[4] == 8 ? UNDAMAGED : DAMAGED_VALUE;
}

static enum damage check_supervise(const struct section *section, const struct instruction *instruction)
{
    const uint64_t *argument = instruction->argument;
    uint64_t mode = section->outermost ? SUPERVISE_OUTER : SUPERVISE_INNER;

    if (argument[0] != mode || argument[1] > 1)
        return DAMAGED_VALUE;
    /* Only the outer supervisor has descriptors 5 and 6 and a reason to kill. */
    if (mode == SUPERVISE_INNER && (argument[1] != 0 || argument[2] != NO_DESCRIPTOR || argument[3] != NO_DESCRIPTOR))
        return DAMAGED_VALUE;
    return UNDAMAGED;
}

static enum damage check_values(const struct section *section, const struct instruction *instruction)
{
    const uint64_t *argument = instruction->argument;

    switch (instruction->opcode) {
    case OP_CLONE:
        return argument[0] & ~ALLOWED_CLONE_FLAGS ? DAMAGED_VALUE : UNDAMAGED;
    case OP_STORE32:
        return writes_fit(section, argument[1], 4) ? UNDAMAGED : DAMAGED_DATA_OFFSET;
    case OP_FORMAT_DECIMAL:
        if (argument[2] < 1 || argument[2] > MAX_DECIMAL_WIDTH)
            return DAMAGED_VALUE;
        return writes_fit(section, argument[1], argument[2]) ? UNDAMAGED : DAMAGED_DATA_OFFSET;
    case OP_NETLINK:
        if (argument[2] < sizeof(struct nlmsghdr) || argument[1] % 4 != 0)
            return DAMAGED_VALUE;
        return reads_fit(section, argument[1], argument[2]) ? UNDAMAGED : DAMAGED_DATA_OFFSET;
    case OP_EXPECT:
        return check_expect(section, instruction);
    case OP_SUPERVISE:
        return check_supervise(section, instruction);
    case OP_EXIT:
        return argument[0] > 255 ? DAMAGED_VALUE : UNDAMAGED;
    case OP_CLOSE_FROM:
        return argument[0] < 3 || argument[0] > INT32_MAX ? DAMAGED_VALUE : UNDAMAGED;
    case OP_LOAD:
        return check_word(section, argument[0], argument[1]);
    default:
        return UNDAMAGED;
    }
}

static enum damage check_place(const struct section *section, const struct instruction *instruction)
{
    switch (instruction->opcode) {
    case OP_CLONE:
        return section->cloned ? DAMAGED_SECTION : UNDAMAGED;
    case OP_AWAIT_CHILD:
    case OP_RELEASE_CHILD:
    case OP_SUPERVISE:
        return section->cloned ? UNDAMAGED : DAMAGED_SECTION;
    case OP_BARRIER:
        return section->outermost ? DAMAGED_SECTION : UNDAMAGED;
    default:
        return UNDAMAGED;
    }
}

static enum damage check_instruction(const struct section *section, const struct instruction *instruction)
{
    enum damage damage = check_shape(section, instruction);

    if (damage == UNDAMAGED)
        damage = check_place(section, instruction);
    return damage == UNDAMAGED ? check_values(section, instruction) : damage;
}

static int ends_section(const struct instruction *instruction)
{
    return instruction->opcode == OP_SUPERVISE || instruction->opcode == OP_EXIT;
}

static void mark_written(struct section *section, uint16_t slot)
{
    if (slot != NO_SLOT)
        section->written[slot / 8] |= (uint8_t)(1u << (slot % 8));
}

/*
 * Each process clones at most once and the child's section follows its parent's, so one walk from the first to the last
 * instruction sees every process. What the child may read is what was written before the CLONE.
 */
struct finding sections_check(const struct program *program, uint32_t slot_count)
{
    struct section section = {.program = program, .slot_count = slot_count, .outermost = 1};
    struct section child = section;

    for (uint32_t i = 0; i < program->instruction_count; i++) {
        const struct instruction *instruction = &program->instructions[i];
        enum damage damage = check_instruction(&section, instruction);

        if (damage != UNDAMAGED)
            return (struct finding){damage, i};
        if (instruction->opcode == OP_CLONE) {
            child = section;
            child.outermost = 0;
            section.cloned = 1;
            section.entry = instruction->argument[2];
        }
        mark_written(&section, instruction->result_slot);
        if (!ends_section(instruction))
            continue;
        if (!section.cloned)
            return (struct finding){i + 1 == program->instruction_count ? UNDAMAGED : DAMAGED_SECTION, i};
        if (section.entry != i + 1)
            return (struct finding){DAMAGED_SECTION, i};
        section = child;
    }
    return (struct finding){DAMAGED_SECTION, program->instruction_count - 1};
}
