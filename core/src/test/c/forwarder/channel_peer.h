// SPDX-License-Identifier: Apache-2.0
// The other process of a channel, as a test plays it: honest or not, it has the memory of the region and nothing else.
#ifndef VNFKIT_CHANNEL_PEER_H
#define VNFKIT_CHANNEL_PEER_H

#include "forwarder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PEER_LINE 64u
#define PEER_FIRST_OBJECT 65536u
#define PEER_SIZE (2u << 20)

// Words of struct rte_ring, counted in 4 bytes.
#define PEER_SIZE_WORD 12u
#define PEER_PRODUCER (2 * PEER_LINE / 4)
#define PEER_CONSUMER (4 * PEER_LINE / 4)
#define PEER_TABLE (6 * PEER_LINE)

struct peer_memory {
    int descriptor;
    uint8_t *base;
};

static inline struct peer_memory peer_memory_create(void)
{
    struct peer_memory memory = { .descriptor = memfd_create("region", MFD_CLOEXEC) };

    if (memory.descriptor < 0 || ftruncate(memory.descriptor, PEER_SIZE) != 0)
        abort();
    memory.base = mmap(NULL, PEER_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory.descriptor, 0);
    if (memory.base == MAP_FAILED)
        abort();
    return memory;
}

static inline void peer_memory_free(struct peer_memory *memory)
{
    munmap(memory->base, PEER_SIZE);
    close(memory->descriptor);
}

static inline uint32_t *peer_word(const struct peer_memory *memory, uint64_t ring, uint32_t word)
{
    return (uint32_t *)(void *)(memory->base + ring) + word;
}

// Both sides stand at an index, so that a test begins where the numbers wrap.
static inline void peer_ring_prepare(const struct peer_memory *memory, uint64_t ring, uint32_t slots, uint32_t index)
{
    for (uint32_t i = 0; i < 3; i++)
        *peer_word(memory, ring, PEER_SIZE_WORD + i) = i == 0 ? slots : slots - 1;
    for (uint32_t i = 0; i < 2; i++) {
        *peer_word(memory, ring, PEER_PRODUCER + i) = index;
        *peer_word(memory, ring, PEER_CONSUMER + i) = index;
    }
    *peer_word(memory, ring, PEER_PRODUCER + 2) = 1;
    *peer_word(memory, ring, PEER_CONSUMER + 2) = 1;
}

// A channel whose rings and buffers lie one after the other from a place on.
static inline struct vnfkit_channel_config peer_channel(
    const struct peer_memory *memory, const char *name, uint64_t at, uint32_t slots, uint32_t buffer_size)
{
    const uint32_t index = 0xfffffff0u;
    struct vnfkit_channel_config config = {
        .descriptor = memory->descriptor, .region_size = PEER_SIZE, .page_size = 4096,
        .first_object = PEER_FIRST_OBJECT, .packets = at, .returned = at + 16384, .buffers = at + 32768,
        .slots = slots, .cache_line = PEER_LINE, .buffer_size = buffer_size, .buffer_count = slots - 1,
    };

    strncpy(config.name, name, sizeof config.name - 1);
    peer_ring_prepare(memory, config.packets, slots, index);
    peer_ring_prepare(memory, config.returned, slots, index);
    return config;
}

static inline uint64_t *peer_slot(const struct peer_memory *memory, uint64_t ring, uint32_t index)
{
    uint32_t mask = *peer_word(memory, ring, PEER_SIZE_WORD + 1);

    return (uint64_t *)(void *)(memory->base + ring + PEER_TABLE) + (index & mask);
}

static inline void peer_put(const struct peer_memory *memory, uint64_t ring, uint64_t element)
{
    uint32_t *tail = peer_word(memory, ring, PEER_PRODUCER + 1);

    *peer_slot(memory, ring, *tail) = element;
    ++*tail;
}

static inline uint32_t peer_count(const struct peer_memory *memory, uint64_t ring)
{
    return *peer_word(memory, ring, PEER_PRODUCER + 1) - *peer_word(memory, ring, PEER_CONSUMER + 1);
}

static inline uint64_t peer_take(const struct peer_memory *memory, uint64_t ring)
{
    uint32_t *tail = peer_word(memory, ring, PEER_CONSUMER + 1);

    return *peer_slot(memory, ring, (*tail)++);
}

#endif
