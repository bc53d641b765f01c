// SPDX-License-Identifier: Apache-2.0
// The key map against an array of pairs, at its limits, and after long use.
#include "check.h"
#include "key_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_CAPACITY 4096u

struct model {
    uint32_t count;
    uint32_t keys[MODEL_CAPACITY];
    uint32_t values[MODEL_CAPACITY];
};

static int model_index(const struct model *model, uint32_t key)
{
    for (uint32_t i = 0; i < model->count; i++)
        if (model->keys[i] == key)
            return (int)i;
    return -1;
}

static void map_create(struct key_map *map, uint32_t capacity)
{
    size_t size = (size_t)key_map_buckets(capacity) * KEY_MAP_SLOTS * sizeof(uint64_t);
    uint64_t *slots = aligned_alloc(64, size);

    memset(slots, 0, size);
    key_map_init(map, capacity, slots);
}

// A key whose search starts at a bucket.
static uint32_t key_of_bucket(const struct key_map *map, uint32_t bucket, uint32_t number)
{
    uint32_t key = 0;

    for (;; key++)
        if (key_map_bucket(map, key) == bucket && number-- == 0)
            return key;
}

static void compare(const struct key_map *map, const struct model *model)
{
    CHECK(map->count == model->count, "%u instead of %u", map->count, model->count);
    for (uint32_t i = 0; i < model->count; i++)
        CHECK(key_map_get(map, model->keys[i]) == model->values[i], "key %08x", model->keys[i]);
}

static void put(struct key_map *map, struct model *model, uint32_t key, uint32_t value)
{
    int index = model_index(model, key);
    int failure = key_map_put(map, key, value);

    if (value == KEY_MAP_NONE) {
        CHECK(failure == -EINVAL, "%d", failure);
        return;
    }
    if (index < 0 && model->count == map->capacity) {
        CHECK(failure == -ENOSPC, "%d", failure);
        return;
    }
    CHECK(failure == 0, "%d", failure);
    if (index < 0)
        index = (int)model->count++;
    model->keys[index] = key;
    model->values[index] = value;
}

static void take(struct key_map *map, struct model *model, uint32_t key)
{
    int index = model_index(model, key);
    int failure = key_map_remove(map, key);

    CHECK(failure == (index < 0 ? -ENOENT : 0), "%d", failure);
    CHECK(key_map_get(map, key) == KEY_MAP_NONE, "key %08x is still there", key);
    if (index < 0)
        return;
    model->count--;
    model->keys[index] = model->keys[model->count];
    model->values[index] = model->values[model->count];
}

static uint32_t random_key(uint64_t *random, uint32_t universe)
{
    static const uint32_t special[] = { 0, 1, 0xfffffffe, 0xffffffff, 0x80000000 };

    if (random_below(random, 16) == 0)
        return special[random_below(random, 5)];
    return random_below(random, universe) * 0x10001;
}

static uint32_t random_value(uint64_t *random)
{
    uint32_t roll = random_below(random, 32);

    return roll < 3 ? KEY_MAP_NONE - roll : roll == 3 ? 0 : (uint32_t)random_next(random);
}

static void agrees_with_the_model(uint32_t capacity, uint32_t universe, uint32_t changes)
{
    struct model *model = calloc(1, sizeof *model);
    struct key_map map;
    uint64_t random = capacity;

    map_create(&map, capacity);
    for (uint32_t i = 0; i < changes; i++) {
        uint32_t key = random_key(&random, universe);
        int index = model_index(model, key);

        CHECK(key_map_get(&map, key) == (index < 0 ? KEY_MAP_NONE : model->values[index]), "key %08x", key);
        // Times of growth and times of shrinking, so that it is full and empty now and then.
        if (random_below(&random, 4) < (i / (2 * universe) % 2 == 0 ? 3u : 1u))
            put(&map, model, key, random_value(&random));
        else
            take(&map, model, key);
        if (i % 256 == 0)
            compare(&map, model);
    }
    while (model->count > 0)
        take(&map, model, model->keys[0]);
    for (size_t i = 0; i < ((size_t)map.bucket_mask + 1) * KEY_MAP_SLOTS; i++)
        CHECK(map.slots[i] == KEY_MAP_EMPTY, "slot %zu of an empty map", i);
    free(map.slots);
    free(model);
}

static void goes_over_the_end(void)
{
    struct model *model = calloc(1, sizeof *model);
    struct key_map map;
    uint32_t last;

    map_create(&map, 64);
    last = map.bucket_mask;
    for (uint32_t i = 0; i < 3 * KEY_MAP_SLOTS; i++)
        put(&map, model, key_of_bucket(&map, last, i), i);
    compare(&map, model);
    CHECK((uint32_t)(map.slots[0] >> 32) == key_of_bucket(&map, last, KEY_MAP_SLOTS), "the ninth is in bucket 0");
    // The keys before those that went on are removed: the way to these goes over marks.
    for (uint32_t i = 0; i < KEY_MAP_SLOTS; i++)
        take(&map, model, key_of_bucket(&map, last, i));
    compare(&map, model);
    for (uint32_t i = 0; i < KEY_MAP_SLOTS; i++)
        CHECK(map.slots[last * KEY_MAP_SLOTS + i] == KEY_MAP_REMOVED, "slot %u of the last bucket", i);
    // Each goes to the place of a removed key, and is there once.
    put(&map, model, key_of_bucket(&map, last, 2 * KEY_MAP_SLOTS), 99);
    put(&map, model, key_of_bucket(&map, last, 40), 100);
    compare(&map, model);
    take(&map, model, key_of_bucket(&map, last, 2 * KEY_MAP_SLOTS));
    while (model->count > 0)
        take(&map, model, model->keys[model->count - 1]);
    for (size_t i = 0; i < ((size_t)map.bucket_mask + 1) * KEY_MAP_SLOTS; i++)
        CHECK(map.slots[i] == KEY_MAP_EMPTY, "slot %zu", i);
    free(map.slots);
    free(model);
}

// How many slots a search for a key that is not there looks at.
static uint32_t slots_searched(const struct key_map *map, uint32_t key)
{
    size_t slots = ((size_t)map->bucket_mask + 1) * KEY_MAP_SLOTS;
    size_t at = (size_t)key_map_bucket(map, key) * KEY_MAP_SLOTS;
    uint32_t searched = 1;

    while (map->slots[at] != KEY_MAP_EMPTY && searched < slots) {
        at = (at + 1) % slots;
        searched++;
    }
    return searched;
}

// Subscribers come and go for years; packets of unknown ones must not get slower by it.
static void stays_fast_when_keys_come_and_go(void)
{
    const uint32_t capacity = MODEL_CAPACITY;
    struct key_map map;
    uint32_t *keys = calloc(capacity, sizeof *keys);
    uint64_t random = 5;
    uint64_t searched = 0;

    map_create(&map, capacity);
    for (uint32_t i = 0; i < capacity; i++)
        key_map_put(&map, keys[i] = i, i);
    for (uint32_t i = 0; i < 200 * capacity; i++) {
        uint32_t at = random_below(&random, capacity);

        CHECK(key_map_remove(&map, keys[at]) == 0, "key %08x", keys[at]);
        keys[at] = capacity + i;
        CHECK(key_map_put(&map, keys[at], i) == 0, "key %08x", keys[at]);
    }
    for (uint32_t i = 0; i < 100000; i++)
        searched += slots_searched(&map, 0x80000000 | i);
    CHECK(searched / 100000 < 2 * KEY_MAP_SLOTS, "a search in vain looks at %llu slots",
        (unsigned long long)searched / 100000);
    for (uint32_t i = 0; i < capacity; i++)
        CHECK(key_map_get(&map, keys[i]) != KEY_MAP_NONE, "key %08x", keys[i]);
    free(map.slots);
    free(keys);
}

int main(void)
{
    agrees_with_the_model(1, 4, 20000);
    agrees_with_the_model(4, 12, 20000);
    agrees_with_the_model(5, 12, 20000);
    agrees_with_the_model(100, 300, 60000);
    agrees_with_the_model(1024, 3000, 60000);
    goes_over_the_end();
    stays_fast_when_keys_come_and_go();
    return check_result("key_map_test");
}
