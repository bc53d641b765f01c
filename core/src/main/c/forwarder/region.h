// SPDX-License-Identifier: Apache-2.0
// Memory that other processes have too: the file of a shared region, mapped once however many channels lie in it.
#ifndef VNFKIT_REGION_H
#define VNFKIT_REGION_H

#include <stddef.h>
#include <stdint.h>

struct region {
    uint8_t *base;
    uint64_t size;
    uint64_t iova;                // of the base; RTE_BAD_IOVA where no device can reach it
    // The rest is region.c's own.
    uint64_t page_size;
    uint64_t device;
    uint64_t inode;
    uint32_t users;
    int is_registered;
};

// Maps the file behind a descriptor, which stays the caller's, or finds the mapping that there is. 0 or a negative errno.
int region_attach(int descriptor, uint64_t size, uint64_t page_size, struct region **region);
void region_detach(struct region *region);
// Lets a port's device reach all regions, where it goes by itself: virtual devices do not.
int region_map_for_port(uint16_t port);
// To be called when the port is given up: its number may be another's by then.
void region_unmap_for_port(uint16_t port);

#endif
