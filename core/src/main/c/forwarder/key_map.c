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

// Whether a key lies in a bucket behind this one that it would have got into, had there been room: its search comes by.
static int is_passed(const struct key_map *map, uint32_t bucket)
{
    for (uint32_t distance = 1; distance <= map->bucket_mask; distance++) {
        uint32_t next = (bucket + distance) & map->bucket_mask;

        for (uint32_t i = 0; i < KEY_MAP_SLOTS; i++) {
            uint64_t slot = map->slots[(size_t)next * KEY_MAP_SLOTS + i];

            // No search comes over a slot that was never used.
            if (slot == KEY_MAP_EMPTY)
                return 0;
            if (!is_free(slot) && ((next - key_map_bucket(map, (uint32_t)(slot >> 32))) & map->bucket_mask) >= distance)
                return 1;
        }
    }
    return 0;
}

// Clears the marks at the end of a bucket unless a search must go past them. Marks that stayed for ever would make
// every search for a key that is not there go through the whole map in the end.
static void clear_marks(struct key_map *map, uint32_t bucket)
{
    uint64_t *line = &map->slots[(size_t)bucket * KEY_MAP_SLOTS];

    if (line[KEY_MAP_SLOTS - 1] == KEY_MAP_REMOVED && is_passed(map, bucket))
        return;
    for (uint32_t i = KEY_MAP_SLOTS; i > 0 && is_free(line[i - 1]); i--)
        __atomic_store_n(&line[i - 1], KEY_MAP_EMPTY, __ATOMIC_RELEASE);
}

int key_map_remove(struct key_map *map, uint32_t key)
{
    int present;
    uint64_t *slot = find(map, key, &present);
    uint32_t first = key_map_bucket(map, key);
    uint32_t bucket;

    if (!present)
        return -ENOENT;
    __atomic_store_n(slot, KEY_MAP_REMOVED, __ATOMIC_RELEASE);
    map->count--;
    // This key may have been the one for which the marks in the buckets before its own had to stay.
    bucket = (uint32_t)((size_t)(slot - map->slots) / KEY_MAP_SLOTS);
    for (clear_marks(map, bucket); bucket != first; clear_marks(map, bucket))
        bucket = (bucket - 1) & map->bucket_mask;
    return 0;
}
