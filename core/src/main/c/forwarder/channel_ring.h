// SPDX-License-Identifier: Apache-2.0
// One side of a ring that another process has the other side of: laid out as DPDK's struct rte_ring with one producer and
// one consumer, and used in the same way, but not by DPDK's own functions. Those believe what they read: with an index
// that cannot be they copy from anywhere. Here size and mask are private, and each index of the peer is checked first.
#ifndef VNFKIT_CHANNEL_RING_H
#define VNFKIT_CHANNEL_RING_H

#include <stdint.h>

#define RING_SYNC_SINGLE 1u       // RTE_RING_SYNC_ST
#define RING_DAMAGED UINT32_MAX

struct ring_words {
    uint32_t head;
    uint32_t tail;
    uint32_t sync_type;
};

// Of the producer or of the consumer.
struct ring_side {
    struct ring_words *own;
    const struct ring_words *other;
    uint64_t *table;
    uint32_t mask;
    uint32_t capacity;
    uint32_t head;                // own position, which the shared copy only tells others
};

// As rte_ring_get_memsize of DPDK 26.07, which is a cache line more than that of 22.11.
static inline uint64_t ring_length(uint32_t slots, uint32_t cache_line)
{
    uint64_t table = 6ull * cache_line + 8ull * slots;

    return ((table + cache_line - 1) & ~(uint64_t)(cache_line - 1)) + cache_line;
}

// Whether the memory is a ring of so many slots.
static inline int ring_is_as_described(const uint8_t *memory, uint32_t slots, uint32_t cache_line)
{
    const uint32_t *sizes = (const uint32_t *)(const void *)(memory + 48);
    const struct ring_words *producer = (const void *)(memory + 2 * cache_line);
    const struct ring_words *consumer = (const void *)(memory + 4 * cache_line);

    return sizes[0] == slots && sizes[1] == slots - 1 && sizes[2] == slots - 1
        && producer->sync_type == RING_SYNC_SINGLE && consumer->sync_type == RING_SYNC_SINGLE;
}

// Begins where the predecessor had got to; what that had begun and not published is forgotten.
static inline void ring_restart(struct ring_side *side)
{
    side->head = __atomic_load_n(&side->own->tail, __ATOMIC_ACQUIRE);
    __atomic_store_n(&side->own->head, side->head, __ATOMIC_RELAXED);
}

static inline void ring_take_side(
    struct ring_side *side, uint8_t *memory, uint32_t slots, uint32_t cache_line, int is_producer)
{
    struct ring_words *producer = (void *)(memory + 2 * cache_line);
    struct ring_words *consumer = (void *)(memory + 4 * cache_line);

    side->own = is_producer ? producer : consumer;
    side->other = is_producer ? consumer : producer;
    side->table = (void *)(memory + 6 * cache_line);
    side->mask = slots - 1;
    side->capacity = slots - 1;
    ring_restart(side);
}

// Empties a ring that nobody else uses: both sides go on from an index. The producer's words are stored first, so if this
// process dies in between, the ring holds elements up to there.
static inline void ring_clear(struct ring_side *side, int is_producer, uint32_t index)
{
    struct ring_words *other = (struct ring_words *)(uintptr_t)side->other;
    struct ring_words *words[] = { is_producer ? side->own : other, is_producer ? other : side->own };

    for (int i = 0; i < 2; i++) {
        __atomic_store_n(&words[i]->head, index, __ATOMIC_RELEASE);
        __atomic_store_n(&words[i]->tail, index, __ATOMIC_RELEASE);
    }
    side->head = index;
}

// How many the consumer can take; RING_DAMAGED if the producer's index cannot be.
static inline uint32_t ring_available(const struct ring_side *consumer)
{
    uint32_t available = __atomic_load_n(&consumer->other->tail, __ATOMIC_ACQUIRE) - consumer->head;

    return available <= consumer->capacity ? available : RING_DAMAGED;
}

// How many the producer can put in; RING_DAMAGED if the consumer's index cannot be.
static inline uint32_t ring_room(const struct ring_side *producer)
{
    uint32_t used = producer->head - __atomic_load_n(&producer->other->tail, __ATOMIC_ACQUIRE);

    return used <= producer->capacity ? producer->capacity - used : RING_DAMAGED;
}

// An element behind the head. One load: the peer may write it again at any time.
static inline uint64_t ring_read(const struct ring_side *consumer, uint32_t index)
{
    return __atomic_load_n(&consumer->table[(consumer->head + index) & consumer->mask], __ATOMIC_RELAXED);
}

static inline void ring_write(const struct ring_side *producer, uint32_t index, uint64_t element)
{
    __atomic_store_n(&producer->table[(producer->head + index) & producer->mask], element, __ATOMIC_RELAXED);
}

// Passes the elements before to the peer: those written, or the room of those read.
static inline void ring_publish(struct ring_side *side, uint32_t elements)
{
    side->head += elements;
    __atomic_store_n(&side->own->head, side->head, __ATOMIC_RELAXED);
    __atomic_store_n(&side->own->tail, side->head, __ATOMIC_RELEASE);
}

#endif
