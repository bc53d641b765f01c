// SPDX-License-Identifier: Apache-2.0
// Packet buffers without a pool. Each segment has memory of its own that ends where its data ends, so that the address
// sanitizer sees every access behind it, and in front of the headroom.
#ifndef VNFKIT_BUFFER_H
#define VNFKIT_BUFFER_H

#include "check.h"

#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_MAX_SEGMENTS 8

static inline struct rte_mbuf *segment_create(const uint8_t *bytes, uint32_t length, uint32_t headroom)
{
    struct rte_mbuf *m = aligned_alloc(64, sizeof *m);

    memset(m, 0, sizeof *m);
    m->buf_addr = malloc(headroom + length);
    m->buf_len = (uint16_t)(headroom + length);
    m->data_off = (uint16_t)headroom;
    m->data_len = (uint16_t)length;
    m->pkt_len = length;
    m->nb_segs = 1;
    rte_mbuf_refcnt_set(m, 1);
    memset(m->buf_addr, 0xee, headroom);
    memcpy((uint8_t *)m->buf_addr + headroom, bytes, length);
    return m;
}

// A packet in segments that end at the given places and at the end. Places out of order or beyond the end are left out.
static inline struct rte_mbuf *buffer_create(
    const uint8_t *bytes, uint32_t length, uint32_t headroom, const uint32_t *cuts, uint32_t cut_count)
{
    struct rte_mbuf *first = NULL;
    struct rte_mbuf **end = &first;
    uint32_t from = 0;
    uint16_t segments = 0;

    for (uint32_t i = 0; i <= cut_count; i++) {
        uint32_t to = i < cut_count ? cuts[i] : length;

        if (i < cut_count && (to <= from || to >= length))
            continue;
        // Only the first segment of a packet has headroom that anybody would use.
        *end = segment_create(bytes + from, to - from, from == 0 ? headroom : 0);
        end = &(*end)->next;
        from = to;
        segments++;
    }
    first->nb_segs = segments;
    first->pkt_len = length;
    return first;
}

static inline struct rte_mbuf *buffer_whole(const uint8_t *bytes, uint32_t length, uint32_t headroom)
{
    return buffer_create(bytes, length, headroom, NULL, 0);
}

static inline void buffer_free(struct rte_mbuf *m)
{
    while (m != NULL) {
        struct rte_mbuf *next = m->next;

        free(m->buf_addr);
        free(m);
        m = next;
    }
}

// Why a packet is not one, or null.
static inline const char *buffer_damage(const struct rte_mbuf *m)
{
    uint32_t length = 0;
    uint32_t segments = 0;

    for (const struct rte_mbuf *segment = m; segment != NULL; segment = segment->next) {
        if ((uint32_t)segment->data_off + segment->data_len > segment->buf_len)
            return "data leaves the buffer";
        // Some devices stop at a descriptor of length 0.
        if (segment->data_len == 0 && m->nb_segs > 1)
            return "a segment is empty";
        length += segment->data_len;
        segments++;
    }
    if (length != m->pkt_len)
        return "the lengths of the segments do not add up";
    return segments == m->nb_segs ? NULL : "the number of segments is wrong";
}

// Returns the length.
static inline uint32_t buffer_read(const struct rte_mbuf *m, uint8_t *bytes)
{
    uint32_t length = 0;

    for (; m != NULL; m = m->next) {
        memcpy(bytes + length, rte_pktmbuf_mtod(m, const uint8_t *), m->data_len);
        length += m->data_len;
    }
    return length;
}

#endif
