// SPDX-License-Identifier: Apache-2.0
// Tables by handle, in hugepages, changed by the control side while lcores read them.
#ifndef VNFKIT_TABLE_H
#define VNFKIT_TABLE_H

#include "forwarder.h"
#include "key_map.h"
#include "route_table.h"

struct next_hops {
    uint32_t capacity;
    struct vnfkit_next_hop hops[];
};

// Each subscriber has a record; two maps lead to its number.
struct subscribers {
    struct key_map by_tags;
    struct key_map by_gre_key;
    struct vnfkit_subscriber *records;
    uint32_t *free_list;
    uint32_t *retired;
    uint32_t free_count;
    uint32_t retired_count;
    uint32_t capacity;
};

struct route_table *routes_of(int handle);
struct next_hops *next_hops_of(int handle);
struct subscribers *subscribers_of(int handle);

#endif
