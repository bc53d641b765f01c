// SPDX-License-Identifier: Apache-2.0
// What passes over a channel for a packet: bits 0 to 39 its offset in the region, 40 to 55 its length, 56 to 63 zero.
#ifndef VNFKIT_DESCRIPTOR_H
#define VNFKIT_DESCRIPTOR_H

#include <stdint.h>

#define DESCRIPTOR_MAX_LENGTH 0xffffu
// Buffers begin and end at multiples of this, so an offset divided by it tells them apart.
#define BUFFER_UNIT 2048u

static inline uint64_t descriptor_of(uint64_t offset, uint32_t length)
{
    return offset | (uint64_t)length << 40;
}

static inline uint64_t descriptor_offset(uint64_t descriptor)
{
    return descriptor & 0xffffffffffull;
}

static inline uint32_t descriptor_length(uint64_t descriptor)
{
    return (uint32_t)(descriptor >> 40) & DESCRIPTOR_MAX_LENGTH;
}

// Whether the packet lies between two offsets, and no bit is set that has no meaning.
static inline int descriptor_is_within(uint64_t descriptor, uint64_t from, uint64_t to)
{
    uint64_t offset = descriptor_offset(descriptor);

    return descriptor >> 56 == 0 && offset >= from && offset + descriptor_length(descriptor) <= to;
}

// What of the memory around a packet is certain to be its buffer's: from the unit that it begins in to the one it ends in,
// as far as 16 bits reach.
struct buffer_span {
    uint64_t start;
    uint16_t headroom;
    uint16_t length;
};

static inline struct buffer_span descriptor_span(uint64_t descriptor, uint64_t to)
{
    uint64_t offset = descriptor_offset(descriptor);
    uint32_t length = descriptor_length(descriptor);
    uint32_t headroom = (uint32_t)(offset % BUFFER_UNIT);
    uint64_t end = (offset + length + BUFFER_UNIT - 1) / BUFFER_UNIT * BUFFER_UNIT;
    struct buffer_span span;

    if (headroom > UINT16_MAX - length)
        headroom = UINT16_MAX - length;
    if (end > to)
        end = to;
    span.start = offset - headroom;
    span.headroom = (uint16_t)headroom;
    span.length = (uint16_t)(end - span.start > UINT16_MAX ? UINT16_MAX : end - span.start);
    return span;
}

#endif
