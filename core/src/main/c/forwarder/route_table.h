// SPDX-License-Identifier: Apache-2.0
// Longest prefix match over 4 or 16 bytes: a trie with one stride of 16 bits and then strides of 8 bits.
//
// A first stride of 16 bits keeps the top level (256 KiB) in a second-level cache and a small table small, where a first
// stride of 24 bits takes 64 MiB of hugepages for one route. The price is one more load for prefixes longer than /16.
//
// One writer at a time; readers take no lock and never wait. Every entry is one aligned word, written once per change: a
// reader sees the old or the new next hop of an address, nothing between. A group of entries that is no longer named
// may still be read by a burst under way, so its memory waits for a grace period before it is used again.
#ifndef VNFKIT_ROUTE_TABLE_H
#define VNFKIT_ROUTE_TABLE_H

#include "forwarder.h"

#define ROUTE_TABLE_FIRST (1u << 16)
#define ROUTE_TABLE_GROUP 256u
#define ROUTE_NONE VNFKIT_NO_NEXT_HOP

// An entry: bit 31 valid, bit 30 another group follows, then 8 bits depth - 1, then 22 bits next hop or group.
#define ROUTE_VALID 0x80000000u
#define ROUTE_EXTENDED 0x40000000u
#define ROUTE_VALUE 0x003fffffu
#define ROUTE_DEPTH_SHIFT 22

struct route_table {
    uint32_t *first;
    uint32_t *groups;             // capacity x ROUTE_TABLE_GROUP
    uint32_t address_bytes;
    uint32_t capacity;
    uint32_t free_count;
    uint32_t retired_count;
    uint32_t *free_list;          // ids of groups that may be used
    uint32_t *retired;            // ids of groups that wait for a grace period
    uint32_t default_entry;       // of the prefix of depth 0
};

// The caller gives zeroed memory for all arrays: first, groups, free_list and retired.
void route_table_init(struct route_table *table, uint32_t address_bytes, uint32_t capacity, uint32_t *first,
    uint32_t *groups, uint32_t *lists);

// A change of depth 0 has to come after a grace period: a lookup that ends at the default route reads two words, and
// with a prefix added in between it would see the default route of a time when the address no longer had it.
// -EINVAL for an impossible change, -ENOSPC when no group is left, -EAGAIN when one is left after a grace period.
int route_table_apply(struct route_table *table, const struct vnfkit_route *change);

// After a grace period: the retired groups can be used again.
void route_table_reclaim(struct route_table *table);

static inline uint32_t route_load(const uint32_t *entry)
{
    // Pairs with the release in the writer: the contents of a group are seen before the entry that names it.
    return __atomic_load_n(entry, __ATOMIC_ACQUIRE);
}

static inline uint32_t route_next_hop(const struct route_table *table, uint32_t entry)
{
    if (entry & ROUTE_VALID)
        return entry & ROUTE_VALUE;
    entry = __atomic_load_n(&table->default_entry, __ATOMIC_RELAXED);
    return entry & ROUTE_VALID ? entry & ROUTE_VALUE : ROUTE_NONE;
}

// Of the first level, which two bytes of an address lead into.
static inline const uint32_t *route_first_entry(const uint32_t *first, const uint8_t *address)
{
    return &first[(uint32_t)address[0] << 8 | address[1]];
}

// Of the level that an entry leads on to.
static inline const uint32_t *route_group_entry(const uint32_t *groups, uint32_t entry, uint8_t byte)
{
    return &groups[(size_t)(entry & ROUTE_VALUE) * ROUTE_TABLE_GROUP + byte];
}

// From an entry of the first level to the one that a lookup ends at.
static inline uint32_t route_table_descend(const struct route_table *table, uint32_t entry, const uint8_t *address)
{
    for (uint32_t at = 2; (entry & ROUTE_EXTENDED) && at < table->address_bytes; at++)
        entry = route_load(route_group_entry(table->groups, entry, address[at]));
    return entry;
}

static inline uint32_t route_table_find(const struct route_table *table, const uint8_t *address)
{
    return route_table_descend(table, route_load(route_first_entry(table->first, address)), address);
}

static inline uint32_t route_table_lookup(const struct route_table *table, const uint8_t *address)
{
    return route_next_hop(table, route_table_find(table, address));
}

#endif
