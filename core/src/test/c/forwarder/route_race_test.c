// SPDX-License-Identifier: Apache-2.0
// Lookups beside changes: route_race_test [CYCLES]
//
// A cycle of changes is made beforehand, with what each address must answer after each of them;
// a reader that began after change i and ended during change k must get an answer of one of the states i to k.
#include "route_model.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#define CYCLE_LIMIT 1024
#define GROWTH 120
#define ADDRESSES 48

struct race {
    struct route_table table;
    struct vnfkit_route changes[CYCLE_LIMIT];
    uint32_t cycle;
    uint8_t addresses[ADDRESSES][16];
    uint32_t answers[CYCLE_LIMIT][ADDRESSES];        // after so many changes of the cycle
    uint64_t begun;                                  // changes; both are written by the writer only
    uint64_t done;
    uint64_t quiescent;                              // written by the reader between two lookups
    uint64_t grace_periods;
    int stop;
};

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void add_to_cycle(struct race *race, struct route_model *model, const struct vnfkit_route *change)
{
    race->changes[race->cycle++] = *change;
    route_model_apply(model, change);
    for (uint32_t i = 0; i < ADDRESSES; i++)
        race->answers[race->cycle % CYCLE_LIMIT][i] = route_model_lookup(model, race->addresses[i]);
}

// Additions and removals, then removals until the table is empty, as at the start of the cycle.
static void make_cycle(struct race *race, uint32_t address_bytes, uint64_t seed)
{
    struct route_model *model = calloc(1, sizeof *model);

    model->address_bytes = address_bytes;
    for (uint32_t i = 0; i < ADDRESSES; i++) {
        random_address(&seed, address_bytes, race->addresses[i]);
        race->answers[0][i] = ROUTE_NONE;
    }
    for (uint32_t i = 0; i < GROWTH; i++) {
        struct vnfkit_route change = random_addition(&seed, model);

        // Into the way of the addresses that are looked up.
        memcpy(change.address, race->addresses[random_below(&seed, ADDRESSES)], sizeof change.address);
        add_to_cycle(race, model, &change);
        if (random_below(&seed, 3) == 0) {
            change = route_model_removal(model, &model->routes[random_below(&seed, model->count)]);
            add_to_cycle(race, model, &change);
        }
    }
    while (model->count > 0) {
        const struct vnfkit_route change = route_model_removal(model, &model->routes[0]);

        add_to_cycle(race, model, &change);
    }
    free(model);
}

static void wait_for_grace(struct race *race)
{
    uint64_t before = load(&race->quiescent);

    while (load(&race->quiescent) < before + 2)
        sched_yield();
    race->grace_periods++;
}

static int apply(struct race *race, const struct vnfkit_route *change, int reclaims)
{
    int failure;

    // An address without a prefix is answered from two words, and nobody may be between them.
    if (change->depth == 0)
        wait_for_grace(race);
    failure = route_table_apply(&race->table, change);
    if (failure == -EAGAIN && reclaims) {
        wait_for_grace(race);
        route_table_reclaim(&race->table);
        failure = route_table_apply(&race->table, change);
    }
    return failure;
}

static void write_cycles(struct race *race, uint32_t cycles, int reclaims)
{
    for (uint64_t i = 0; i < (uint64_t)cycles * race->cycle; i++) {
        int failure;

        __atomic_store_n(&race->begun, i + 1, __ATOMIC_SEQ_CST);
        failure = apply(race, &race->changes[i % race->cycle], reclaims);
        __atomic_store_n(&race->done, i + 1, __ATOMIC_SEQ_CST);
        if (failure == -EAGAIN && !reclaims)
            return;
        CHECK(failure == 0, "change %llu: %d", (unsigned long long)i, failure);
    }
}

struct reader {
    struct race *race;
    uint64_t lookups;
    uint64_t wrong;
    uint64_t beside_changes;
};

static int is_possible(const struct race *race, uint32_t address, uint32_t answer, uint64_t from, uint64_t to)
{
    for (uint64_t state = from; state <= to && state < from + race->cycle; state++)
        if (race->answers[state % race->cycle][address] == answer)
            return 1;
    return 0;
}

static void *read_always(void *argument)
{
    struct reader *reader = argument;
    struct race *race = reader->race;

    for (uint32_t i = 0; !__atomic_load_n(&race->stop, __ATOMIC_RELAXED); i = (i + 1) % ADDRESSES) {
        uint64_t from = load(&race->done);
        uint32_t answer = route_table_lookup(&race->table, race->addresses[i]);
        uint64_t to = load(&race->begun);

        reader->lookups++;
        reader->beside_changes += from != to;
        reader->wrong += !is_possible(race, i, answer, from, to);
        __atomic_fetch_add(&race->quiescent, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static void run(uint32_t address_bytes, uint32_t groups, uint32_t cycles, int reclaims)
{
    struct race *race = calloc(1, sizeof *race);
    struct reader reader = { .race = race };
    uint32_t *first = calloc(ROUTE_TABLE_FIRST, sizeof *first);
    uint32_t *entries = calloc((size_t)groups * ROUTE_TABLE_GROUP, sizeof *entries);
    uint32_t *lists = calloc(2 * (size_t)groups, sizeof *lists);
    pthread_t thread;

    route_table_init(&race->table, address_bytes, groups, first, entries, lists);
    make_cycle(race, address_bytes, address_bytes + groups);
    if (pthread_create(&thread, NULL, read_always, &reader) != 0)
        abort();
    write_cycles(race, cycles, reclaims);
    __atomic_store_n(&race->stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    CHECK(reader.wrong == 0, "%llu of %llu lookups", (unsigned long long)reader.wrong,
        (unsigned long long)reader.lookups);
    CHECK(reader.beside_changes > 0, "no lookup met a change");
    CHECK(!reclaims || race->grace_periods > cycles, "%llu grace periods", (unsigned long long)race->grace_periods);
    free(first);
    free(entries);
    free(lists);
    free(race);
}

int main(int count, char **arguments)
{
    uint32_t cycles = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 0) : 60;

    // So few groups that they are used again and again.
    run(4, 60, 3 * cycles, 1);
    run(16, 700, cycles, 1);
    // So many that none is used twice.
    run(4, 20000, 3 * cycles, 0);
    run(16, 40000, cycles, 0);
    return check_result("route_race_test");
}
