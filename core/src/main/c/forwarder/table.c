// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include "bng.h"
#include "handles.h"
#include "lcore.h"

#include <rte_malloc.h>

static struct handles routes;
static struct handles next_hops;
static struct handles subscribers;

struct route_table *routes_of(int handle)
{
    return handle_get(&routes, handle);
}

struct next_hops *next_hops_of(int handle)
{
    return handle_get(&next_hops, handle);
}

struct subscribers *subscribers_of(int handle)
{
    return handle_get(&subscribers, handle);
}

static void *allocate(size_t count, size_t size, int node)
{
    return rte_zmalloc_socket("vnfkit_table", count * size, RTE_CACHE_LINE_SIZE, node);
}

static void free_routes(struct route_table *table)
{
    rte_free(table->first);
    rte_free(table->groups);
    rte_free(table->free_list);
    rte_free(table);
}

int vnfkit_routes_create(uint32_t address_bytes, uint32_t groups, int node)
{
    struct route_table *table;
    uint32_t *first;
    uint32_t *entries;
    uint32_t *lists;
    int handle;

    if ((address_bytes != 4 && address_bytes != 16) || groups == 0 || groups > ROUTE_VALUE)
        return -EINVAL;
    table = allocate(1, sizeof *table, node);
    first = allocate(ROUTE_TABLE_FIRST, sizeof *first, node);
    entries = allocate((size_t)groups * ROUTE_TABLE_GROUP, sizeof *entries, node);
    lists = allocate(2 * (size_t)groups, sizeof *lists, node);
    if (table == NULL || first == NULL || entries == NULL || lists == NULL) {
        rte_free(table);
        rte_free(first);
        rte_free(entries);
        rte_free(lists);
        return -ENOMEM;
    }
    route_table_init(table, address_bytes, groups, first, entries, lists);
    handle = handle_put(&routes, table);
    if (handle < 0)
        free_routes(table);
    return handle;
}

static int apply_change(struct route_table *table, const struct vnfkit_route *change)
{
    int failure;

    // An lcore that read "no prefix" for an address before an earlier change may be about to read the default route.
    if (change->depth == 0)
        lcore_synchronize();
    failure = route_table_apply(table, change);
    if (failure != -EAGAIN)
        return failure;
    // Removed groups are kept until they are needed: one grace period serves many changes.
    lcore_synchronize();
    route_table_reclaim(table);
    return route_table_apply(table, change);
}

int vnfkit_routes_apply(int handle, const struct vnfkit_route *changes, uint32_t count, uint32_t *done)
{
    struct route_table *table = routes_of(handle);

    *done = 0;
    if (table == NULL)
        return -EBADF;
    for (uint32_t i = 0; i < count; i++) {
        int failure = apply_change(table, &changes[i]);

        if (failure)
            return failure;
        *done = i + 1;
    }
    return 0;
}

int vnfkit_routes_free(int handle)
{
    struct route_table *table = handle_take(&routes, handle);

    if (table == NULL)
        return -EBADF;
    free_routes(table);
    return 0;
}

int vnfkit_next_hops_create(uint32_t capacity, int node)
{
    struct next_hops *table;
    int handle;

    if (capacity == 0 || capacity > VNFKIT_MAX_NEXT_HOPS)
        return -EINVAL;
    table = allocate(1, sizeof *table + capacity * sizeof table->hops[0], node);
    if (table == NULL)
        return -ENOMEM;
    table->capacity = capacity;
    handle = handle_put(&next_hops, table);
    if (handle < 0)
        rte_free(table);
    return handle;
}

int vnfkit_next_hops_set(int handle, uint32_t slot, const struct vnfkit_next_hop *hop)
{
    struct next_hops *table = next_hops_of(handle);

    if (table == NULL)
        return -EBADF;
    if (slot >= table->capacity)
        return -EINVAL;
    table->hops[slot] = *hop;
    return 0;
}

int vnfkit_next_hops_free(int handle)
{
    struct next_hops *table = handle_take(&next_hops, handle);

    if (table == NULL)
        return -EBADF;
    rte_free(table);
    return 0;
}

static void free_subscribers(struct subscribers *table)
{
    if (table == NULL)
        return;
    rte_free(table->by_tags.slots);
    rte_free(table->by_gre_key.slots);
    rte_free(table->records);
    rte_free(table->free_list);
    rte_free(table);
}

static int init_subscribers(struct subscribers *table, uint32_t capacity, int node)
{
    size_t slots = (size_t)key_map_buckets(capacity) * KEY_MAP_SLOTS;

    key_map_init(&table->by_tags, capacity, allocate(slots, sizeof(uint64_t), node));
    key_map_init(&table->by_gre_key, capacity, allocate(slots, sizeof(uint64_t), node));
    table->records = allocate(capacity, sizeof *table->records, node);
    table->free_list = allocate(2 * (size_t)capacity, sizeof *table->free_list, node);
    if (table->by_tags.slots == NULL || table->by_gre_key.slots == NULL || table->records == NULL
            || table->free_list == NULL)
        return -ENOMEM;
    table->retired = table->free_list + capacity;
    table->capacity = capacity;
    table->free_count = capacity;
    for (uint32_t i = 0; i < capacity; i++)
        table->free_list[i] = capacity - 1 - i;
    return 0;
}

int vnfkit_subscribers_create(uint32_t capacity, int node)
{
    struct subscribers *table;
    int handle;

    if (capacity == 0 || capacity > 1u << 24)
        return -EINVAL;
    table = allocate(1, sizeof *table, node);
    if (table == NULL || init_subscribers(table, capacity, node) != 0) {
        free_subscribers(table);
        return -ENOMEM;
    }
    handle = handle_put(&subscribers, table);
    if (handle < 0)
        free_subscribers(table);
    return handle;
}

static int take_record(struct subscribers *table, uint32_t *record)
{
    if (table->free_count == 0 && table->retired_count > 0) {
        lcore_synchronize();
        while (table->retired_count > 0)
            table->free_list[table->free_count++] = table->retired[--table->retired_count];
    }
    if (table->free_count == 0)
        return -ENOSPC;
    *record = table->free_list[--table->free_count];
    return 0;
}

static int remove_subscriber(struct subscribers *table, uint32_t tags)
{
    uint32_t record = key_map_get(&table->by_tags, tags);

    if (record == KEY_MAP_NONE)
        return -ENOENT;
    key_map_remove(&table->by_tags, tags);
    key_map_remove(&table->by_gre_key, table->records[record].gre_key);
    table->retired[table->retired_count++] = record;
    return 0;
}

// A record is written before a map leads to it, and not again while one does: a replacement is a new record.
static int put_subscriber(struct subscribers *table, uint32_t tags, const struct vnfkit_subscriber *change)
{
    uint32_t old = key_map_get(&table->by_tags, tags);
    uint32_t holder = key_map_get(&table->by_gre_key, change->gre_key);
    uint32_t record;
    int failure;

    if (holder != KEY_MAP_NONE && holder != old)
        return -EEXIST;
    failure = take_record(table, &record);
    if (failure == -ENOSPC && old != KEY_MAP_NONE) {
        // Full, and this one is to be replaced: it is out of the table for the moment that the change takes.
        remove_subscriber(table, tags);
        old = KEY_MAP_NONE;
        failure = take_record(table, &record);
    }
    if (failure)
        return failure;
    table->records[record] = *change;
    if (old != KEY_MAP_NONE && table->records[old].gre_key != change->gre_key)
        key_map_remove(&table->by_gre_key, table->records[old].gre_key);
    key_map_put(&table->by_gre_key, change->gre_key, record);
    key_map_put(&table->by_tags, tags, record);
    if (old != KEY_MAP_NONE)
        table->retired[table->retired_count++] = old;
    return 0;
}

int vnfkit_subscribers_apply(
    int handle, const struct vnfkit_subscriber *changes, uint32_t count, uint32_t *done)
{
    struct subscribers *table = subscribers_of(handle);

    *done = 0;
    if (table == NULL)
        return -EBADF;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t tags = bng_tags_key(changes[i].outer_tag, changes[i].inner_tag);
        int failure = changes[i].remove ? remove_subscriber(table, tags) : put_subscriber(table, tags, &changes[i]);

        if (failure)
            return failure;
        *done = i + 1;
    }
    return 0;
}

int64_t vnfkit_subscribers_count(int handle)
{
    struct subscribers *table = subscribers_of(handle);

    return table == NULL ? -EBADF : (int64_t)table->by_tags.count;
}

int vnfkit_subscribers_free(int handle)
{
    struct subscribers *table = handle_take(&subscribers, handle);

    if (table == NULL)
        return -EBADF;
    free_subscribers(table);
    return 0;
}
