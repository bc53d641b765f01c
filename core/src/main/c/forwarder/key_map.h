// SPDX-License-Identifier: Apache-2.0
// A map from a key of 32 bits to a value below 2^32 - 1, for one writer and any number of readers without a lock.
//
// Each bucket is one cache line of eight slots; a slot holds key and value in one word and so changes in one store. A
// key whose bucket is full goes to the next one; a bucket that ever overflowed says so by being full, or by the mark that a
// removal leaves, so that a search goes on exactly where it must.
#ifndef VNFKIT_KEY_MAP_H
#define VNFKIT_KEY_MAP_H

#include <stddef.h>
#include <stdint.h>

#define KEY_MAP_SLOTS 8u
#define KEY_MAP_NONE 0xffffffffu

// Low 32 bits: value + 1. All zero: never used. Value part zero, key part all ones: used once, free again.
#define KEY_MAP_EMPTY 0ull
#define KEY_MAP_REMOVED 0xffffffff00000000ull

struct key_map {
    uint64_t *slots;
    uint32_t bucket_mask;
    uint32_t count;
    uint32_t capacity;
};

// Buckets for so many keys: half of the slots stay free, which keeps overflows rare.
uint32_t key_map_buckets(uint32_t capacity);
// The caller gives zeroed memory, aligned to a cache line: key_map_buckets(capacity) * 64 bytes.
void key_map_init(struct key_map *map, uint32_t capacity, uint64_t *slots);
// Adds or replaces. -ENOSPC when full, -EINVAL for the value KEY_MAP_NONE.
int key_map_put(struct key_map *map, uint32_t key, uint32_t value);
// -ENOENT if it is not there.
int key_map_remove(struct key_map *map, uint32_t key);

static inline uint32_t key_map_bucket(const struct key_map *map, uint32_t key)
{
    // The finalizer of MurmurHash3: every bit of the key reaches every bit of the result.
    key ^= key >> 16;
    key *= 0x85ebca6bu;
    key ^= key >> 13;
    key *= 0xc2b2ae35u;
    key ^= key >> 16;
    return key & map->bucket_mask;
}

static inline const uint64_t *key_map_line(const struct key_map *map, uint32_t key)
{
    return &map->slots[(size_t)key_map_bucket(map, key) * KEY_MAP_SLOTS];
}

static inline uint32_t key_map_get(const struct key_map *map, uint32_t key)
{
    uint32_t bucket = key_map_bucket(map, key);

    for (uint32_t visited = 0; visited <= map->bucket_mask; visited++) {
        const uint64_t *line = &map->slots[(size_t)bucket * KEY_MAP_SLOTS];

        for (uint32_t i = 0; i < KEY_MAP_SLOTS; i++) {
            uint64_t slot = __atomic_load_n(&line[i], __ATOMIC_ACQUIRE);

            if (slot == KEY_MAP_EMPTY)
                return KEY_MAP_NONE;
            if ((uint32_t)(slot >> 32) == key && (uint32_t)slot != 0)
                return (uint32_t)slot - 1;
        }
        bucket = (bucket + 1) & map->bucket_mask;
    }
    return KEY_MAP_NONE;
}

#endif
