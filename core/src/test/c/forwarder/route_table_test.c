// SPDX-License-Identifier: Apache-2.0
// The route table against a model: changes in random order, exhaustion, and what is left when all routes are gone.
#include "route_model.h"

#include <errno.h>
#include <stdlib.h>

struct fixture {
    struct route_table table;
    struct route_model model;
    uint32_t *first;
    uint32_t *groups;
    uint32_t *lists;
};

static struct fixture *fixture_create(uint32_t address_bytes, uint32_t capacity)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    fixture->first = calloc(ROUTE_TABLE_FIRST, sizeof *fixture->first);
    fixture->groups = calloc((size_t)capacity * ROUTE_TABLE_GROUP, sizeof *fixture->groups);
    fixture->lists = calloc(2 * (size_t)capacity, sizeof *fixture->lists);
    fixture->model.address_bytes = address_bytes;
    route_table_init(&fixture->table, address_bytes, capacity, fixture->first, fixture->groups, fixture->lists);
    return fixture;
}

static void fixture_free(struct fixture *fixture)
{
    free(fixture->first);
    free(fixture->groups);
    free(fixture->lists);
    free(fixture);
}

static void compare(const struct fixture *fixture, const uint8_t *address)
{
    // Behind the last byte of an address nothing may be read.
    uint8_t *exact = malloc(fixture->model.address_bytes);
    uint32_t expected = route_model_lookup(&fixture->model, address);
    uint32_t actual;

    memcpy(exact, address, fixture->model.address_bytes);
    actual = route_table_lookup(&fixture->table, exact);
    CHECK(actual == expected, "%u bytes, %u.%u.%u.%u...: next hop %u instead of %u", fixture->model.address_bytes,
        address[0], address[1], address[2], address[3], actual, expected);
    free(exact);
}

// The first and the last address of a prefix, and those beside it.
static void compare_borders(const struct fixture *fixture, const struct vnfkit_route *route)
{
    for (int ones = 0; ones < 2; ones++) {
        uint8_t address[16];

        memcpy(address, route->address, sizeof address);
        fill_host_bits(address, route->depth, fixture->model.address_bytes, ones);
        compare(fixture, address);
        step_address(address, fixture->model.address_bytes, ones);
        compare(fixture, address);
    }
}

static void compare_all(const struct fixture *fixture)
{
    for (uint32_t i = 0; i < fixture->model.count; i++)
        compare_borders(fixture, &fixture->model.routes[i]);
}

static uint32_t unused_groups(const struct fixture *fixture)
{
    return fixture->table.free_count + fixture->table.retired_count;
}

// Applies to the table as vnfkit_routes_apply does, and to the model what the table took.
static int apply(struct fixture *fixture, const struct vnfkit_route *change)
{
    uint32_t unused = unused_groups(fixture);
    int failure = route_table_apply(&fixture->table, change);

    if (failure == -EAGAIN) {
        CHECK(fixture->table.retired_count > 0, "nothing to wait for");
        CHECK(unused_groups(fixture) == unused, "%u groups lost", unused - unused_groups(fixture));
        compare_borders(fixture, change);
        route_table_reclaim(&fixture->table);
        failure = route_table_apply(&fixture->table, change);
        CHECK(failure != -EAGAIN, "-EAGAIN after a grace period");
    }
    if (failure == 0)
        route_model_apply(&fixture->model, change);
    else
        CHECK(unused_groups(fixture) == unused, "%u groups lost", unused - unused_groups(fixture));
    return failure;
}

static void is_as_new(struct fixture *fixture)
{
    uint8_t *seen = calloc(fixture->table.capacity, 1);
    uint32_t used = 0;

    CHECK(unused_groups(fixture) == fixture->table.capacity, "%u of %u groups", unused_groups(fixture),
        fixture->table.capacity);
    route_table_reclaim(&fixture->table);
    CHECK(fixture->table.free_count == fixture->table.capacity, "%u groups", fixture->table.free_count);
    for (uint32_t i = 0; i < fixture->table.free_count; i++)
        seen[fixture->table.free_list[i]]++;
    for (uint32_t i = 0; i < fixture->table.capacity; i++)
        CHECK(seen[i] == 1, "group %u is %u times in the list", i, seen[i]);
    for (uint32_t i = 0; i < ROUTE_TABLE_FIRST; i++)
        used += fixture->first[i] != 0;
    CHECK(used == 0 && fixture->table.default_entry == 0, "%u entries are left", used);
    free(seen);
}

static void remove_all(struct fixture *fixture, uint64_t *random)
{
    while (fixture->model.count > 0) {
        const struct vnfkit_route *route = &fixture->model.routes[random_below(random, fixture->model.count)];
        const struct vnfkit_route change = route_model_removal(&fixture->model, route);

        CHECK(apply(fixture, &change) == 0, "removal of depth %u", change.depth);
        compare_borders(fixture, &change);
    }
    is_as_new(fixture);
}

static uint32_t change_at_random(struct fixture *fixture, uint64_t *random, uint32_t changes)
{
    uint32_t refused = 0;

    for (uint32_t i = 0; i < changes; i++) {
        int grow = fixture->model.count < ROUTE_MODEL_CAPACITY && random_below(random, 5) < 3;
        struct vnfkit_route change;
        int failure;

        if (!grow && fixture->model.count == 0)
            continue;
        change = grow ? random_addition(random, &fixture->model)
                      : route_model_removal(
                            &fixture->model, &fixture->model.routes[random_below(random, fixture->model.count)]);
        failure = apply(fixture, &change);
        CHECK(failure == 0 || (failure == -ENOSPC && grow), "failure %d", failure);
        compare_borders(fixture, &change);
        if (failure || i % 64 == 0)
            compare_all(fixture);
        refused += failure != 0;
        for (int n = 0; n < 4; n++) {
            uint8_t address[16];

            random_address(random, fixture->model.address_bytes, address);
            compare(fixture, address);
        }
    }
    return refused;
}

static void agrees_with_the_model(uint32_t address_bytes, uint32_t capacity, int fills_up)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct fixture *fixture = fixture_create(address_bytes, capacity);
        uint64_t random = seed;

        for (int round = 0; round < 3; round++) {
            uint32_t refused = change_at_random(fixture, &random, 700);

            CHECK((refused > 0) == fills_up, "%u additions refused with %u groups", refused, capacity);
            compare_all(fixture);
            remove_all(fixture, &random);
        }
        fixture_free(fixture);
    }
}

static struct vnfkit_route route(uint8_t second, uint8_t third, uint8_t fourth, uint8_t depth, uint32_t next_hop)
{
    return (struct vnfkit_route) { .address = { 10, second, third, fourth }, .depth = depth, .next_hop = next_hop };
}

static void says_when_a_grace_period_would_help(void)
{
    struct fixture *fixture = fixture_create(4, 2);
    const struct vnfkit_route host = route(0, 0, 1, 32, 7);
    const struct vnfkit_route other = route(1, 0, 1, 32, 8);
    struct vnfkit_route removal;

    CHECK(route_table_apply(&fixture->table, &host) == 0, "two groups serve a host route");
    CHECK(route_table_apply(&fixture->table, &other) == -ENOSPC, "no group is left, none will be");
    route_model_apply(&fixture->model, &host);
    removal = route_model_removal(&fixture->model, &host);
    CHECK(route_table_apply(&fixture->table, &removal) == 0, "removal");
    CHECK(fixture->table.free_count == 0 && fixture->table.retired_count == 2, "the groups wait");
    CHECK(route_table_apply(&fixture->table, &other) == -EAGAIN, "the groups may be in use still");
    route_table_reclaim(&fixture->table);
    CHECK(route_table_apply(&fixture->table, &other) == 0, "the groups are free");
    fixture_free(fixture);
}

static void takes_back_the_groups_of_an_addition_that_failed(void)
{
    struct fixture *fixture = fixture_create(16, 13);
    struct vnfkit_route host = { .address = { 0x20, 1, 0xd, 0xb8 }, .depth = 128, .next_hop = 1 };
    const struct vnfkit_route shorter = { .address = { 0x20, 1, 0xd, 0xb8 }, .depth = 120, .next_hop = 2 };

    for (int i = 0; i < 5; i++)
        CHECK(apply(fixture, &host) == -ENOSPC, "a host route needs 14 groups");
    CHECK(fixture->table.first[0x2001] == 0, "entry %08x", fixture->table.first[0x2001]);
    CHECK(apply(fixture, &shorter) == 0, "13 groups serve depth 120");
    compare_borders(fixture, &shorter);
    fixture_free(fixture);
}

static void refuses_impossible_changes(void)
{
    struct fixture *fixture = fixture_create(4, 4);
    const struct vnfkit_route changes[] = {
        { .depth = 33, .next_hop = 1 },
        { .depth = 255, .next_hop = 1 },
        { .depth = 8, .next_hop = VNFKIT_MAX_NEXT_HOPS },
        { .depth = 8, .next_hop = VNFKIT_NO_NEXT_HOP },
        { .depth = 0, .next_hop = VNFKIT_NO_NEXT_HOP },
        { .depth = 8, .remove = 1, .parent_depth = 8, .next_hop = 1 },
        { .depth = 8, .remove = 1, .parent_depth = 9, .next_hop = 1 },
        { .depth = 8, .remove = 1, .parent_depth = 1, .next_hop = VNFKIT_NO_NEXT_HOP },
        { .depth = 8, .remove = 1, .parent_depth = 1, .next_hop = VNFKIT_MAX_NEXT_HOPS },
        { .depth = 33, .remove = 1, .next_hop = VNFKIT_NO_NEXT_HOP },
    };

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        CHECK(route_table_apply(&fixture->table, &changes[i]) == -EINVAL, "change %zu", i);
    is_as_new(fixture);
    fixture_free(fixture);
}

static void answers_with_the_default_route(void)
{
    struct fixture *fixture = fixture_create(4, 4);
    const struct vnfkit_route everything = { .depth = 0, .next_hop = 0 };
    const struct vnfkit_route inside = route(1, 2, 0, 24, 5);
    struct vnfkit_route removal;

    CHECK(apply(fixture, &everything) == 0 && apply(fixture, &inside) == 0, "additions");
    CHECK(route_table_lookup(&fixture->table, (const uint8_t[]) { 10, 1, 3, 0 }) == 0, "next hop 0 is one");
    removal = route_model_removal(&fixture->model, &inside);
    CHECK(removal.parent_depth == 0 && removal.next_hop == 0, "the default route contains it");
    CHECK(apply(fixture, &removal) == 0, "removal");
    compare_borders(fixture, &inside);
    removal = route_model_removal(&fixture->model, &everything);
    CHECK(apply(fixture, &removal) == 0, "removal of the default route");
    compare_borders(fixture, &everything);
    is_as_new(fixture);
    fixture_free(fixture);
}

int main(void)
{
    refuses_impossible_changes();
    answers_with_the_default_route();
    says_when_a_grace_period_would_help();
    takes_back_the_groups_of_an_addition_that_failed();
    agrees_with_the_model(4, 1024, 0);
    agrees_with_the_model(4, 6, 1);
    agrees_with_the_model(16, 8192, 0);
    agrees_with_the_model(16, 90, 1);
    return check_result("route_table_test");
}
