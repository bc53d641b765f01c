// SPDX-License-Identifier: Apache-2.0
#include "route_table.h"

#include <errno.h>
#include <string.h>

#define FIRST_BITS 16

static void store(uint32_t *entry, uint32_t value)
{
    __atomic_store_n(entry, value, __ATOMIC_RELEASE);
}

static uint32_t leaf(uint32_t depth, uint32_t next_hop)
{
    return ROUTE_VALID | (depth - 1) << ROUTE_DEPTH_SHIFT | next_hop;
}

static uint32_t depth_of(uint32_t entry)
{
    return entry & ROUTE_VALID ? (entry >> ROUTE_DEPTH_SHIFT & 0xff) + 1 : 0;
}

void route_table_init(struct route_table *table, uint32_t address_bytes, uint32_t capacity, uint32_t *first,
    uint32_t *groups, uint32_t *lists)
{
    memset(table, 0, sizeof *table);
    table->first = first;
    table->groups = groups;
    table->address_bytes = address_bytes;
    table->capacity = capacity;
    table->free_list = lists;
    table->retired = lists + capacity;
    for (uint32_t i = 0; i < capacity; i++)
        table->free_list[i] = capacity - 1 - i;
    table->free_count = capacity;
}

void route_table_reclaim(struct route_table *table)
{
    while (table->retired_count > 0)
        table->free_list[table->free_count++] = table->retired[--table->retired_count];
}

static uint32_t *group_entries(const struct route_table *table, uint32_t group)
{
    return &table->groups[(size_t)group * ROUTE_TABLE_GROUP];
}

// A new group answers like the entry that it stands behind, so that naming it changes no lookup.
static int extend(struct route_table *table, uint32_t *entry, uint32_t *extended)
{
    uint32_t old = *entry;
    uint32_t group;

    if (old & ROUTE_EXTENDED) {
        *extended = old;
        return 0;
    }
    if (table->free_count == 0)
        return table->retired_count > 0 ? -EAGAIN : -ENOSPC;
    group = table->free_list[--table->free_count];
    for (uint32_t i = 0; i < ROUTE_TABLE_GROUP; i++)
        store(&group_entries(table, group)[i], old);
    *extended = ROUTE_EXTENDED | group;
    store(entry, *extended);
    return 0;
}

// Gives the addresses below these entries to a new owner, except those of longer prefixes.
static void fill(struct route_table *table, uint32_t *entries, uint32_t count, uint32_t depth, uint32_t value)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t entry = entries[i];

        if (entry & ROUTE_EXTENDED)
            fill(table, group_entries(table, entry & ROUTE_VALUE), ROUTE_TABLE_GROUP, depth, value);
        else if (depth_of(entry) <= depth)
            store(&entries[i], value);
    }
}

// A group whose entries are all one short prefix or nothing says no more than that entry alone.
static int collapsed(const uint32_t *entries, uint32_t bits, uint32_t *value)
{
    for (uint32_t i = 1; i < ROUTE_TABLE_GROUP; i++)
        if (entries[i] != entries[0])
            return 0;
    if ((entries[0] & ROUTE_EXTENDED) || depth_of(entries[0]) > bits)
        return 0;
    *value = entries[0];
    return 1;
}

static void collapse(struct route_table *table, uint32_t **path, uint32_t levels)
{
    uint32_t value;

    while (levels > 0) {
        uint32_t *entry = path[levels - 1];
        uint32_t group = *entry & ROUTE_VALUE;

        if (!collapsed(group_entries(table, group), FIRST_BITS + 8 * (levels - 1), &value))
            return;
        store(entry, value);
        table->retired[table->retired_count++] = group;
        levels--;
    }
}

static int is_valid(const struct route_table *table, const struct vnfkit_route *change)
{
    if (change->depth > 8 * table->address_bytes)
        return 0;
    if (!change->remove)
        return change->next_hop < VNFKIT_MAX_NEXT_HOPS;
    if (change->next_hop == VNFKIT_NO_NEXT_HOP)
        return change->parent_depth == 0;
    return change->next_hop < VNFKIT_MAX_NEXT_HOPS && (change->depth == 0 || change->parent_depth < change->depth);
}

// What the addresses of the prefix shall read from now on. The prefix of depth 0 is not written into the entries.
static uint32_t new_entry(const struct vnfkit_route *change)
{
    if (!change->remove)
        return leaf(change->depth, change->next_hop);
    return change->parent_depth == 0 ? 0 : leaf(change->parent_depth, change->next_hop);
}

static int apply_default(struct route_table *table, const struct vnfkit_route *change)
{
    __atomic_store_n(&table->default_entry, change->remove ? 0 : ROUTE_VALID | change->next_hop, __ATOMIC_RELEASE);
    return 0;
}

int route_table_apply(struct route_table *table, const struct vnfkit_route *change)
{
    uint32_t *path[16];
    uint32_t levels = 0;
    uint32_t index = (uint32_t)change->address[0] << 8 | change->address[1];
    uint32_t bits = FIRST_BITS;
    uint32_t *entries = table->first;
    uint32_t extended;
    uint32_t span;

    if (!is_valid(table, change))
        return -EINVAL;
    if (change->depth == 0)
        return apply_default(table, change);
    while (change->depth > bits) {
        int failure = extend(table, &entries[index], &extended);

        if (failure) {
            // Groups made on the way may say nothing more than before.
            collapse(table, path, levels);
            return failure;
        }
        path[levels++] = &entries[index];
        entries = group_entries(table, extended & ROUTE_VALUE);
        index = change->address[1 + levels];
        bits += 8;
    }
    span = 1u << (bits - change->depth);
    index &= ~(span - 1);
    fill(table, &entries[index], span, change->depth, new_entry(change));
    collapse(table, path, levels);
    return 0;
}
