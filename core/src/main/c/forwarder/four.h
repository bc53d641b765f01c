// SPDX-License-Identifier: Apache-2.0
// Four packets at once: one branch asks of all of them what nearly every packet is. A no says nothing about why, nor of
// which of them: they are then looked at one by one, by the functions that know every reason.
#ifndef VNFKIT_FOUR_H
#define VNFKIT_FOUR_H

#include "packet.h"

#define FOUR 4u

// Whether each is one owner's alone, in memory of its pool, and has so many bytes in its first segment. Field by field:
// a driver has just written them so, and wider loads would wait for what it wrote to leave for the cache.
static inline int four_are_plain(struct rte_mbuf *const *packets, uint16_t bytes)
{
    uint64_t flags = 0;
    uint32_t owners = 0;
    uint32_t lengths = 0;

    for (uint32_t i = 0; i < FOUR; i++) {
        flags |= packets[i]->ol_flags;
        owners |= rte_mbuf_refcnt_read(packets[i]) ^ 1u;
        // Negative for one that is too short.
        lengths |= (uint32_t)packets[i]->data_len - bytes;
    }
    flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
    return (flags | owners | (lengths & 1u << 31)) == 0;
}

#endif
