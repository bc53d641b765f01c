// SPDX-License-Identifier: Apache-2.0
// Searches in the key map beside changes: key_map_race_test [CHANGES]
#include "check.h"
#include "key_map.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define STAYING 24u
#define MOVING 40u

struct race {
    struct key_map map;
    uint32_t staying[STAYING];
    uint32_t moving[MOVING];
    uint64_t missed;
    uint64_t strange;
    uint64_t searches;
    int stop;
};

// A staying key has values of its own only, a moving one its own value or none.
static void *read_always(void *argument)
{
    struct race *race = argument;

    while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
        for (uint32_t i = 0; i < STAYING; i++) {
            uint32_t value = key_map_get(&race->map, race->staying[i]);

            race->missed += value == KEY_MAP_NONE;
            race->strange += value != KEY_MAP_NONE && value % 1000 != i;
        }
        for (uint32_t i = 0; i < MOVING; i++) {
            uint32_t value = key_map_get(&race->map, race->moving[i]);

            race->strange += value != KEY_MAP_NONE && value != 500 + i;
        }
        __atomic_fetch_add(&race->searches, STAYING + MOVING, __ATOMIC_RELAXED);
    }
    return NULL;
}

// A key whose search starts at a bucket.
static uint32_t key_of_bucket(const struct key_map *map, uint32_t bucket, uint32_t number)
{
    uint32_t key = 0;

    for (;; key++)
        if (key_map_bucket(map, key) == bucket && number-- == 0)
            return key;
}

static void change_always(struct race *race, uint32_t changes)
{
    uint64_t random = 9;

    for (uint32_t change = 0; change < changes; change++) {
        uint32_t staying = change / 64 % STAYING;
        uint32_t moving = random_below(&random, MOVING);

        if (change % 64 == 0)
            key_map_put(&race->map, race->staying[staying], change % 1000000 * 1000 + staying);
        else if (random_below(&random, 2) == 0)
            key_map_put(&race->map, race->moving[moving], 500 + moving);
        else
            key_map_remove(&race->map, race->moving[moving]);
    }
}

// All keys crowd into three buckets, the last, the first and one in the middle, so that most overflow.
static void a_key_that_stays_is_never_missed(uint32_t changes)
{
    struct race *race = calloc(1, sizeof *race);
    uint64_t *slots;
    pthread_t thread;

    slots = aligned_alloc(64, key_map_buckets(128) * KEY_MAP_SLOTS * sizeof *slots);
    memset(slots, 0, key_map_buckets(128) * KEY_MAP_SLOTS * sizeof *slots);
    key_map_init(&race->map, 128, slots);
    for (uint32_t i = 0; i < STAYING + MOVING; i++) {
        uint32_t buckets[] = { race->map.bucket_mask, 0, race->map.bucket_mask / 2 };
        uint32_t key = key_of_bucket(&race->map, buckets[i % 3], i / 3);

        *(i < MOVING ? &race->moving[i] : &race->staying[i - MOVING]) = key;
        // The moving ones are first in the buckets: the way to the others leads over their places.
        CHECK(key_map_put(&race->map, key, i < MOVING ? 500 + i : i - MOVING) == 0, "key %08x", key);
    }
    if (pthread_create(&thread, NULL, read_always, race) != 0)
        abort();
    change_always(race, changes);
    __atomic_store_n(&race->stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    CHECK(race->missed == 0 && race->strange == 0, "%llu missed, %llu with a strange value, of %llu",
        (unsigned long long)race->missed, (unsigned long long)race->strange, (unsigned long long)race->searches);
    CHECK(race->searches > 0, "the reader did not run");
    free(slots);
    free(race);
}

int main(int count, char **arguments)
{
    a_key_that_stays_is_never_missed(count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 0) : 1000000);
    return check_result("key_map_race_test");
}
