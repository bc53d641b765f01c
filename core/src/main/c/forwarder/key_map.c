// SPDX-License-Identifier: Apache-2.0
#include "key_map.h"

#include <errno.h>
#include <string.h>

uint32_t key_map_buckets(uint32_t capacity)
{
    uint64_t buckets = 1;

    while (buckets * KEY_MAP_SLOTS < 2ull * capacity)
        buckets *= 2;
    return (uint32_t)buckets;
}

void key_map_init(struct key_map *map, uint32_t capacity, uint64_t *slots)
{
    memset(map, 0, sizeof *map);
    map->slots = slots;
    map->bucket_mask = key_map_buckets(capacity) - 1;
    map->capacity = capacity;
}

static int is_free(uint64_t slot)
{
    return (uint32_t)slot == 0;
}

// The slot of the key, or where it can go; null when neither is there.
static uint64_t *find(const struct key_map *map, uint32_t key, int *present)
{
    uint32_t bucket = key_map_bucket(map, key);
    uint64_t *vacant = NULL;

    *present = 0;
    for (uint32_t visited = 0; visited <= map->bucket_mask; visited++) {
        for (uint32_t i = 0; i < KEY_MAP_SLOTS; i++) {
            uint64_t *slot = &map->slots[(size_t)bucket * KEY_MAP_SLOTS + i];

            if (!is_free(*slot) && (uint32_t)(*slot >> 32) == key) {
                *present = 1;
                return slot;
            }
            if (is_free(*slot) && vacant == NULL)
                vacant = slot;
            if (*slot == KEY_MAP_EMPTY)
                return vacant;
        }
        bucket = (bucket + 1) & map->bucket_mask;
    }
    return vacant;
}

int key_map_put(struct key_map *map, uint32_t key, uint32_t value)
{
    int present;
    uint64_t *slot = find(map, key, &present);

    if (value == KEY_MAP_NONE)
        return -EINVAL;
    if (!present && (slot == NULL || map->count == map->capacity))
        return -ENOSPC;
    __atomic_store_n(slot, (uint64_t)key << 32 | (value + 1), __ATOMIC_RELEASE);
    map->count += !present;
    return 0;
}

// Marks of removals that nothing lies behind are cleared: a search need not go past them.
static void clear_marks(struct key_map *map, uint64_t *slot)
{
    size_t slots = ((size_t)map->bucket_mask + 1) * KEY_MAP_SLOTS;
    size_t at = (size_t)(slot - map->slots);

    while (map->slots[at] == KEY_MAP_REMOVED && map->slots[(at + 1) % slots] == KEY_MAP_EMPTY) {
        __atomic_store_n(&map->slots[at], KEY_MAP_EMPTY, __ATOMIC_RELEASE);
        at = (at + slots - 1) % slots;
    }
}

int key_map_remove(struct key_map *map, uint32_t key)
{
    int present;
    uint64_t *slot = find(map, key, &present);

    if (!present)
        return -ENOENT;
    __atomic_store_n(slot, KEY_MAP_REMOVED, __ATOMIC_RELEASE);
    map->count--;
    clear_marks(map, slot);
    return 0;
}
