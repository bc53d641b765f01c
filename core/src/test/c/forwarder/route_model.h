// SPDX-License-Identifier: Apache-2.0
// Longest prefix match as a list of prefixes that is searched from end to end: slow, and easy to believe.
#ifndef VNFKIT_ROUTE_MODEL_H
#define VNFKIT_ROUTE_MODEL_H

#include "check.h"
#include "route_table.h"

#include <string.h>

#define ROUTE_MODEL_CAPACITY 512

struct route_model {
    uint32_t address_bytes;
    uint32_t count;
    struct vnfkit_route routes[ROUTE_MODEL_CAPACITY];
};

static inline int same_prefix(const uint8_t *left, const uint8_t *right, uint32_t depth)
{
    uint32_t bytes = depth / 8;
    uint32_t bits = depth % 8;

    return memcmp(left, right, bytes) == 0 && (bits == 0 || (left[bytes] ^ right[bytes]) >> (8 - bits) == 0);
}

// The longest prefix below a depth that contains the address.
static inline const struct vnfkit_route *route_model_find(
    const struct route_model *model, const uint8_t *address, uint32_t depth_below)
{
    const struct vnfkit_route *found = NULL;

    for (uint32_t i = 0; i < model->count; i++) {
        const struct vnfkit_route *route = &model->routes[i];

        if (route->depth < depth_below && same_prefix(route->address, address, route->depth)
                && (found == NULL || route->depth > found->depth))
            found = route;
    }
    return found;
}

static inline uint32_t route_model_lookup(const struct route_model *model, const uint8_t *address)
{
    const struct vnfkit_route *route = route_model_find(model, address, UINT32_MAX);

    return route == NULL ? ROUTE_NONE : route->next_hop;
}

static inline int route_model_index(const struct route_model *model, const struct vnfkit_route *change)
{
    for (uint32_t i = 0; i < model->count; i++)
        if (model->routes[i].depth == change->depth
                && same_prefix(model->routes[i].address, change->address, change->depth))
            return (int)i;
    return -1;
}

static inline void route_model_apply(struct route_model *model, const struct vnfkit_route *change)
{
    int index = route_model_index(model, change);

    if (change->remove)
        model->routes[index] = model->routes[--model->count];
    else
        model->routes[index < 0 ? (int)model->count++ : index] = *change;
}

// The removal of a prefix as the control side words it: with the prefix that contains it.
static inline struct vnfkit_route route_model_removal(const struct route_model *model, const struct vnfkit_route *route)
{
    const struct vnfkit_route *parent = route_model_find(model, route->address, route->depth);
    struct vnfkit_route change = *route;

    change.remove = 1;
    change.parent_depth = parent == NULL ? 0 : parent->depth;
    change.next_hop = parent == NULL ? VNFKIT_NO_NEXT_HOP : parent->next_hop;
    return change;
}

// Bytes from a small set, so that prefixes contain each other and lie side by side.
static inline void random_address(uint64_t *random, uint32_t address_bytes, uint8_t *address)
{
    static const uint8_t bytes[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff };

    memset(address, 0, 16);
    for (uint32_t i = 0; i < address_bytes; i++) {
        if (i < 2)
            address[i] = (uint8_t)(10 + random_below(random, 2));
        else
            address[i] = random_below(random, 8) == 0 ? (uint8_t)random_next(random)
                                                      : bytes[random_below(random, sizeof bytes)];
    }
}

// The other half of the prefix that contains both, with the same next hop: their entries are alike.
static inline struct vnfkit_route sibling(const struct vnfkit_route *route)
{
    struct vnfkit_route change = *route;

    if (route->depth > 0)
        change.address[(route->depth - 1) / 8] ^= (uint8_t)(0x80 >> (route->depth - 1) % 8);
    return change;
}

static inline struct vnfkit_route random_addition(uint64_t *random, const struct route_model *model)
{
    struct vnfkit_route change = { .depth = (uint8_t)random_below(random, 8 * model->address_bytes + 1) };

    if (model->count > 0 && random_below(random, 4) == 0)
        return sibling(&model->routes[random_below(random, model->count)]);
    // A prefix that exists, now and then: a replacement. Or one that contains it or lies in it.
    if (model->count > 0 && random_below(random, 3) == 0)
        change = model->routes[random_below(random, model->count)];
    else
        random_address(random, model->address_bytes, change.address);
    if (random_below(random, 4) == 0)
        change.depth = (uint8_t)random_below(random, 8 * model->address_bytes + 1);
    change.next_hop = random_below(random, 16) == 0 ? VNFKIT_MAX_NEXT_HOPS - 1 : random_below(random, 1000);
    return change;
}

// Fills the bits behind a prefix.
static inline void fill_host_bits(uint8_t *address, uint32_t depth, uint32_t address_bytes, int ones)
{
    for (uint32_t bit = depth; bit < 8 * address_bytes; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);

        address[bit / 8] = (uint8_t)(ones ? address[bit / 8] | mask : address[bit / 8] & ~mask);
    }
}

// The next address, or the one before; around the end of the address space.
static inline void step_address(uint8_t *address, uint32_t address_bytes, int up)
{
    for (uint32_t i = address_bytes; i-- > 0;) {
        address[i] = (uint8_t)(address[i] + (up ? 1 : -1));
        if (address[i] != (up ? 0 : 0xff))
            return;
    }
}

#endif
