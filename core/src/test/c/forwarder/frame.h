// SPDX-License-Identifier: Apache-2.0
// Frames, put together header by header. Nothing here uses the functions under test.
#ifndef VNFKIT_FRAME_H
#define VNFKIT_FRAME_H

#include "bng.h"
#include "check.h"

#include <string.h>

#define FRAME_CAPACITY 70000u
#define FRAME_TUNNEL_LOCAL { 192, 0, 2, 1 }
#define FRAME_TUNNEL_REMOTE { 198, 51, 100, 2 }
#define FRAME_GRE_KEY 0x00012345u
#define FRAME_OUTER_TAG 100u
#define FRAME_INNER_TAG 0xabcu

struct frame {
    uint32_t length;
    uint8_t bytes[FRAME_CAPACITY];
};

static inline void write16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void write32(uint8_t *at, uint32_t value)
{
    write16(at, value >> 16);
    write16(at + 2, value);
}

static inline uint32_t read16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static inline uint32_t read32(const uint8_t *at)
{
    return read16(at) << 16 | read16(at + 2);
}

// RFC 1071 word by word: 0xffff over a header whose checksum is right.
static inline uint32_t naive_sum(const uint8_t *header, uint32_t bytes)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < bytes; i += 2) {
        sum += read16(header + i);
        if (sum > 0xffff)
            sum -= 0xffff;
    }
    return sum;
}

static inline uint32_t naive_header_size(const uint8_t *ipv4)
{
    return (ipv4[0] & 0xfu) * 4;
}

static inline void set_checksum(uint8_t *ipv4)
{
    write16(ipv4 + 10, 0);
    write16(ipv4 + 10, ~naive_sum(ipv4, naive_header_size(ipv4)));
}

static inline uint8_t *frame_append(struct frame *frame, uint32_t count)
{
    uint8_t *at = frame->bytes + frame->length;

    memset(at, 0, count);
    frame->length += count;
    return at;
}

static inline void frame_ethernet(struct frame *frame, uint32_t type)
{
    static const uint8_t addresses[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };

    frame->length = 0;
    memcpy(frame_append(frame, 14), addresses, sizeof addresses);
    write16(frame->bytes + 12, type);
}

static inline void frame_vlan(struct frame *frame, uint32_t tci, uint32_t type)
{
    uint8_t *tag = frame_append(frame, 4);

    write16(tag, tci);
    write16(tag + 2, type);
}

static inline void frame_payload(struct frame *frame, uint32_t count)
{
    uint8_t *at = frame_append(frame, count);

    for (uint32_t i = 0; i < count; i++)
        at[i] = (uint8_t)(i * 7 + 1);
}

// Returns where the header is. So many words of options: no-operations.
static inline uint8_t *frame_ipv4(struct frame *frame, uint32_t protocol, uint32_t payload, uint32_t option_words)
{
    static const uint8_t source[] = { 10, 1, 2, 3 };
    static const uint8_t destination[] = { 203, 0, 113, 9 };
    uint8_t *at = frame_append(frame, 20 + 4 * option_words);

    at[0] = (uint8_t)(0x45 + option_words);
    write16(at + 2, 20 + 4 * option_words + payload);
    write16(at + 4, 0x1234);
    at[8] = 64;
    at[9] = (uint8_t)protocol;
    memcpy(at + 12, source, 4);
    memcpy(at + 16, destination, 4);
    memset(at + 20, 1, 4 * option_words);
    set_checksum(at);
    return at;
}

static inline uint8_t *frame_ipv6(struct frame *frame, uint32_t next_header, uint32_t payload)
{
    static const uint8_t addresses[] = {
        0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        0x20, 0x01, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
    };
    uint8_t *at = frame_append(frame, 40);

    at[0] = 0x60;
    write16(at + 4, payload);
    at[6] = (uint8_t)next_header;
    at[7] = 64;
    memcpy(at + 8, addresses, sizeof addresses);
    return at;
}

static inline void frame_gre(struct frame *frame, uint32_t key)
{
    uint8_t *at = frame_append(frame, 8);

    write16(at, 0x2000);
    write16(at + 2, 0x0800);
    write32(at + 4, key);
}

// Whole frames. payload is that of the (inner) IP packet, which carries UDP.

static inline void frame_routed_ipv4(struct frame *frame, uint32_t payload, uint32_t option_words)
{
    frame_ethernet(frame, 0x0800);
    frame_ipv4(frame, 17, payload, option_words);
    frame_payload(frame, payload);
}

static inline void frame_routed_ipv6(struct frame *frame, uint32_t payload)
{
    frame_ethernet(frame, 0x86dd);
    frame_ipv6(frame, 17, payload);
    frame_payload(frame, payload);
}

static inline void frame_upstream(struct frame *frame, uint32_t payload, uint32_t option_words)
{
    frame_ethernet(frame, 0x88a8);
    frame_vlan(frame, 0x6000 | FRAME_OUTER_TAG, 0x8100);
    frame_vlan(frame, FRAME_INNER_TAG, 0x0800);
    frame_ipv4(frame, 17, payload, option_words);
    frame_payload(frame, payload);
}

// Of the core side, with a label or without.
static inline void frame_downstream(
    struct frame *frame, int with_label, uint32_t payload, uint32_t outer_options, uint32_t inner_options)
{
    static const uint8_t local[] = FRAME_TUNNEL_LOCAL;
    uint32_t inner_length = 20 + 4 * inner_options + payload;
    uint8_t *outer;

    frame_ethernet(frame, with_label ? 0x8847 : 0x0800);
    if (with_label)
        write32(frame_append(frame, 4), 0x12345u << 12 | 0x100 | 64);
    outer = frame_ipv4(frame, 47, 8 + inner_length, outer_options);
    memcpy(outer + 16, local, 4);
    set_checksum(outer);
    frame_gre(frame, FRAME_GRE_KEY);
    frame_ipv4(frame, 17, payload, inner_options);
    frame_payload(frame, payload);
}

#endif
